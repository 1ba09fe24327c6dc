"""Codes and tokens that a simulated network has given, and for how long they hold."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from chalicelib.core import clock

_CODE_S = 30 * 60  # LinkedIn's; X's codes live thirty seconds, which nobody at a keyboard could keep


@dataclass(frozen=True)
class Code:
    """What an authorization code was given for."""

    account: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    until: int


@dataclass
class Token:
    """An access token, or a refresh token where `until` is None. `refresh`: the refresh token that came with it."""

    account: str
    scopes: tuple[str, ...]
    until: int | None
    revoked: bool = False

    @property
    def expired(self) -> bool:
        return self.until is not None and clock.epoch() >= self.until


class Grants:
    """Everything that one network has given."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def code(self, account: str, scopes: tuple[str, ...], redirect_uri: str, challenge: str = "") -> str:
        """A new code."""
        made = secrets.token_urlsafe(32)
        self._codes[made] = Code(account, scopes, redirect_uri, challenge, clock.epoch() + _CODE_S)
        return made

    def spend(self, code: str, redirect_uri: str) -> Code | None:
        """What a code stands for, once; None where it stands for nothing, or not for that redirect URI."""
        found = self._codes.pop(code, None)
        if found is None or found.redirect_uri != redirect_uri or clock.epoch() >= found.until:
            return None
        return found

    def token(self, account: str, scopes: tuple[str, ...], seconds: int) -> str:
        """A new access token."""
        made = secrets.token_urlsafe(48)
        self.access[made] = Token(account, scopes, clock.epoch() + seconds)
        return made

    def refresh_token(self, account: str, scopes: tuple[str, ...]) -> str:
        """A new refresh token."""
        made = secrets.token_urlsafe(48)
        self.refresh[made] = Token(account, scopes, None)
        return made

    def expire(self) -> None:
        """Every access token given until now is old."""
        for token in self.access.values():
            token.until = 0


def fits(verifier: str, challenge: str) -> bool:
    """RFC 7636 4.6, for S256."""
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return bool(challenge) and secrets.compare_digest(made, challenge)


def bearer(header: str) -> str:
    """The token of an Authorization header; empty where it has none."""
    scheme, _, token = header.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def basic(header: str) -> tuple[str, str]:
    """Name and password of an Authorization header; empty where it has none."""
    scheme, _, sent = header.partition(" ")
    try:
        name, _, password = base64.b64decode(sent).decode().partition(":")
    except ValueError:
        return "", ""
    return (name, password) if scheme.lower() == "basic" else ("", "")
