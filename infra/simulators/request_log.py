"""The requests that a simulator got, as a test or a person at a shell reads them."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Request, Response

Listener = Callable[[Request, Response | None], None]

_SECRET = frozenset(
    {"client_secret", "client_assertion", "refresh_token", "code", "code_verifier", "token", "password"}
)


class RequestLog(list[dict[str, Any]]):
    """Oldest first, without secrets. Each of `listeners` is given every request whole, with its answer if there is one; each of
    `watchers` those of every log."""

    watchers: ClassVar[list[Listener]] = []

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Listener] = []

    def note(self, request: Request, answer: Response | None, more: dict[str, Any]) -> None:
        """Keep a request, with the status of its answer, 0 where there was none; `more` replaces or adds fields."""
        form = {name: "…" if name in _SECRET else value for name, value in request.form.items()}
        kept = {"method": request.method, "path": request.path, "query": request.args.to_dict(), "form": form}
        self.append({**kept, "status": 0 if answer is None else answer.status_code, **more})
        for listener in [*self.watchers, *self.listeners]:
            listener(request, answer)
