"""What people gave an app: codes, access tokens and refresh tokens, and their ends."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from flask import request

from chalicelib.core import clock


@dataclass(eq=False)
class Grant:
    """One yes. `told` is what the request at the consent page said; `spent`: its code was used."""

    account: str
    scopes: tuple[str, ...]
    told: dict[str, str] = field(repr=False)
    refreshable: bool = True
    at: int = field(default_factory=clock.epoch)
    spent: bool = False


@dataclass(eq=False)
class Token:
    """One token. Without `until` it has no end of its own; `spent`: another took its place."""

    grant: Grant
    until: int | None = None
    revoked: bool = False
    spent: bool = False

    @property
    def expired(self) -> bool:
        return self.until is not None and clock.epoch() >= self.until

    @property
    def live(self) -> bool:
        return not (self.revoked or self.spent or self.expired)


class Grants:
    """Everything that people gave one app. `forms`: how codes, access tokens and refresh tokens begin."""

    def __init__(self, forms: tuple[str, str, str]) -> None:
        self._forms = forms
        self._codes: dict[str, Grant] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def new_code(self, grant: Grant) -> str:
        """Return a code for a yes."""
        made = self._forms[0] + secrets.token_urlsafe(32)
        self._codes[made] = grant
        return made

    def grant_of_code(self, code: str) -> Grant | None:
        """Return the grant that a code stands for; None where there never was such a code."""
        return self._codes.get(code)

    def new_access(self, grant: Grant, seconds: int) -> str:
        """Return an access token that lives so long."""
        made = self._forms[1] + secrets.token_urlsafe(48)
        self.access[made] = Token(grant, clock.epoch() + seconds)
        return made

    def new_refresh(self, grant: Grant) -> str:
        """Return a refresh token."""
        made = self._forms[2] + secrets.token_urlsafe(48)
        self.refresh[made] = Token(grant)
        return made

    def bearer(self) -> Token | None:
        """Return the access token that came with the request, live or not; None where there is none of ours."""
        return self.access.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    def live_grant(self) -> Grant | None:
        """Return what the live access token of the request stands for; None without one."""
        token = self.bearer()
        return token.grant if token is not None and token.live else None

    def end(self, grant: Grant) -> None:
        """Revoke all tokens of a grant."""
        for token in (*self.access.values(), *self.refresh.values()):
            token.revoked |= token.grant is grant

    def end_all(self, account: str = "") -> None:
        """Revoke what an account gave, codes and all; what everybody gave where none is named."""
        self._codes = {code: grant for code, grant in self._codes.items() if account not in ("", grant.account)}
        for token in (*self.access.values(), *self.refresh.values()):
            token.revoked |= account in ("", token.grant.account)

    def expire(self) -> None:
        """End every access token, as its time does."""
        for token in self.access.values():
            token.until = 0


def verifier_fits(verifier: str, challenge: str, method: str = "S256") -> bool:
    """Return whether the verifier is the one that the challenge was made of (RFC 7636 4.6)."""
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return secrets.compare_digest(verifier, challenge)
