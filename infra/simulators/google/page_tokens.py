"""Page and sync tokens: opaque to whoever holds them, and saying by themselves where to go on."""

import base64
import binascii
import hashlib
import json
from typing import Any


def sealed(**said: Any) -> str:
    """A token that says this."""
    return base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).rstrip(b"=").decode()


def opened(token: str) -> dict[str, Any]:
    """What a token says. ValueError where it is none of ours."""
    try:
        return dict(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))
    except (binascii.Error, UnicodeDecodeError, TypeError) as error:
        raise ValueError("no token") from error


def digest(*parameters: Any) -> str:
    """What has to stay the same from page to page, in short."""
    return hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:16]
