"""A gateway's own answer, by the name that API Gateway gives it."""


class Refused(Exception):
    """The gateway answers by itself: `kind` is a gateway response type of wiring.yaml."""

    def __init__(self, kind: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(kind)
        self.kind, self.headers = kind, headers or {}
