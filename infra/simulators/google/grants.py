"""What people gave the app: codes, access and refresh tokens, and their ends.

https://developers.google.com/identity/protocols/oauth2 (expiration; 100 refresh tokens an account and client) and
…/oauth2/web-server (offline access, revocation: with one token of a combined authorization all of it ends).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from chalicelib.core import clock

ACCESS_S = 3599
CODE_S = 600
MOST_REFRESH = 100


@dataclass
class Consent:
    """One yes. `told` is what the request at the consent page said."""

    account: str  # its address
    scopes: tuple[str, ...]
    told: dict[str, str] = field(repr=False)
    refreshable: bool = False
    at: int = field(default_factory=clock.epoch)
    spent: bool = False  # its code


@dataclass
class Access:
    """One access token's meaning."""

    account: str
    scopes: tuple[str, ...]
    expires: int  # epoch seconds


class Grants:
    """All of it, for one client."""

    def __init__(self) -> None:
        self._codes: dict[str, Consent] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Consent] = {}
        self._ended: set[str] = set()  # refresh tokens that were revoked
        self.given: dict[str, tuple[str, ...]] = {}  # by account: what it has agreed to so far

    def agree(self, account: str, scopes: tuple[str, ...], told: dict[str, str]) -> str:
        """The code for a yes."""
        before = self.given.get(account, ())
        if told.get("include_granted_scopes") == "true":
            scopes = tuple(dict.fromkeys((*scopes, *before)))
        first = account not in self.given or told.get("prompt", "").find("consent") >= 0
        self.given[account] = tuple(dict.fromkeys((*before, *scopes)))
        code = f"4/0A{secrets.token_urlsafe(48)}"
        self._codes[code] = Consent(account, scopes, told, told.get("access_type") == "offline" and first)
        return code

    def redeem(self, code: str) -> Consent | None:
        """What a code stands for, once and for ten minutes; None for one that never was."""
        return self._codes.get(code)

    def access(self, consent: Consent) -> str:
        """A new access token."""
        token = f"ya29.a0{secrets.token_urlsafe(64)}"
        self._access[token] = Access(consent.account, consent.scopes, clock.epoch() + ACCESS_S)
        return token

    def refresh(self, consent: Consent) -> str:
        """A new refresh token; the oldest of too many ends without a word."""
        token = f"1//0{secrets.token_urlsafe(48)}"
        own = [each for each, of in self._refresh.items() if of.account == consent.account and each not in self._ended]
        for oldest in own[: max(0, len(own) + 1 - MOST_REFRESH)]:
            self._ended.add(oldest)
        self._refresh[token] = consent
        return token

    def behind(self, refresh_token: str) -> Consent | None:
        """The consent that a refresh token stands for; None where it is unknown."""
        return self._refresh.get(refresh_token)

    def has_ended(self, refresh_token: str) -> bool:
        return refresh_token in self._ended

    def allows(self, access_token: str) -> Access | None:
        """None for a token that is unknown, over, or revoked."""
        found = self._access.get(access_token)
        return found if found is not None and clock.epoch() < found.expires else None

    def revoke(self, token: str) -> bool:
        """End everything that the token's account gave; whether there was such a token."""
        access, consent = self._access.get(token), self._refresh.get(token)
        if (access is None and consent is None) or token in self._ended:
            return False
        self.end(access.account if access else consent.account if consent else "")
        return True

    def end(self, account: str = "") -> None:
        """What a person does at myaccount.google.com/permissions; of everybody where no account is named."""
        self._ended |= {each for each, of in self._refresh.items() if account in ("", of.account)}
        self._access = {each: of for each, of in self._access.items() if account not in ("", of.account)}
        self._codes = {each: of for each, of in self._codes.items() if account not in ("", of.account)}
        self.given = {each: of for each, of in self.given.items() if account not in ("", each)}

    def expire(self) -> None:
        """End every access token, as an hour does."""
        self._access.clear()


def fits(verifier: str, challenge: str, method: str) -> bool:
    """RFC 7636 4.6."""
    if method != "S256":
        return secrets.compare_digest(verifier, challenge)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return secrets.compare_digest(digest, challenge)
