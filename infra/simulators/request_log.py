"""The requests that a simulator got, as a test or a person at a shell reads them."""

from collections.abc import Callable
from typing import Any

from flask import Request

_SECRET = frozenset(
    {"client_secret", "client_assertion", "refresh_token", "code", "code_verifier", "token", "password"}
)


class RequestLog(list[dict[str, Any]]):
    """Oldest first, without secrets. Each of `listeners` is given every request whole, with the status of its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Callable[[Request, int], None]] = []

    def note(self, request: Request, status: int, more: dict[str, Any]) -> None:
        """Keep a request; status 0 is one without an answer, `more` replaces or adds fields."""
        form = {name: "…" if name in _SECRET else value for name, value in request.form.items()}
        kept = {"method": request.method, "path": request.path, "query": request.args.to_dict(), "form": form}
        self.append({**kept, "status": status, **more})
        for listener in self.listeners:
            listener(request, status)
