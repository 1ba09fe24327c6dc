"""What a simulator answers."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

_JSON = "application/json; charset=utf-8"


def reply(status: int = 200, document: Any = None, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer: bytes go out as they are, everything else as JSON."""
    raw = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return Response(raw, status, {"Content-Type": _JSON, **(headers or {})})


class Refused(Exception):
    """Carries an answer through the layers."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer
