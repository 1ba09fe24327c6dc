"""Who is signed in at the desk: a sealed cookie that the browser sends to our own pages alone, and a token in each form.

The cookie opens for the audience and the issuer that it was made for, and for eight hours. Nothing of it is stored until the
officer signs out; from then on no copy of it opens anything.
"""

import hmac
import json
from dataclasses import dataclass
from typing import Any

from chalicelib.api.http import Call
from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Identity
from chalicelib.core.errors import BadRequest

COOKIE = "__Host-officer"
LIFE_S = 8 * 3_600
_KNOWN_S = 24 * 3_600  # how long after its end a session is known still, for what was typed into its forms meanwhile
# `__Host-` needs the path / and no domain. Strict: no page of others comes to the desk as its officer.
_RULES = "Path=/; Secure; HttpOnly; SameSite"


@dataclass(frozen=True)
class Session:
    """A sign-in: whose, when it was, when it ends, and an id by which its forms are known."""

    issuer: str
    subject: str
    since: int
    ends: int
    id: str

    @property
    def identity(self) -> Identity:
        return Identity(
            issuer=self.issuer,
            subject=self.subject,
            email="",
            email_verified=False,
            auth_time=self.since,
            issued_at=self.since,
        )

    @property
    def form_token(self) -> str:
        """What each form of this session carries, and no page of others knows."""
        from chalicelib.vault import tags  # noqa: PLC0415 - cold start

        return str(tags.platform_digest("officer-form", self.id))


def begin(claims: dict[str, Any]) -> str:
    """Return the Set-Cookie that signs in whoever these verified claims are of."""
    now = clock.epoch()
    content = {"subject": str(claims["sub"]), "since": now, "ends": now + LIFE_S, "id": ids.secret()}
    return cookie(COOKIE, sealed(_purpose(), content), LIFE_S + _KNOWN_S, "Strict")


def end(session: Session) -> str:
    """End a session, also for who has a copy of its cookie, and return the Set-Cookie that takes it from the browser."""
    from chalicelib.domain.privacy import desk_sessions  # noqa: PLC0415 - cold start

    desk_sessions.end(session.id, session.ends)
    return cookie(COOKIE, "", 0, "Strict")


def of(call: Call) -> Session | None:
    """Return the session of a request; None without one that is good now, for this audience and issuer, and not signed out."""
    found = known(call)
    if found is None or found.ends <= clock.epoch():
        return None
    from chalicelib.domain.privacy import desk_sessions  # noqa: PLC0415 - cold start

    return None if desk_sessions.ended(found.id) else found


def known(call: Call) -> Session | None:
    """Return the session of a request, over or not: one that is over opens nothing. None without one of this audience and
    issuer."""
    found = opened(_purpose(), sent(call, COOKIE))
    return None if found is None else Session(issuer=settings.current().oidc.issuer, **found)


def is_of(session: Session, token: str) -> bool:
    """Return whether a form's token is the one of this session."""
    return hmac.compare_digest(session.form_token.encode(), token.encode())


def cookie(name: str, value: str, life_s: int, same_site: str) -> str:
    """Return a Set-Cookie header for our own pages alone."""
    return f"{name}={value}; Max-Age={life_s}; {_RULES}={same_site}"


def sent(call: Call, name: str) -> str:
    """Return the value of a cookie that the browser sent, empty where there is none."""
    for part in call.headers.get("cookie", "").split(";"):
        named, _, value = part.strip().partition("=")
        if named == name:
            return value
    return ""


def sealed(purpose: str, content: dict[str, Any]) -> str:
    """Return a cookie's value that only this platform can make and read."""
    from chalicelib.vault import tags  # noqa: PLC0415 - cold start

    return tags.seal_token(purpose, json.dumps(content, separators=(",", ":")).encode())


def opened(purpose: str, value: str) -> dict[str, Any] | None:
    """Return what a cookie's value holds; None where it is not ours, or for something else."""
    from chalicelib.vault import tags  # noqa: PLC0415 - cold start

    try:
        found: dict[str, Any] = json.loads(tags.open_token(purpose, value))
    except BadRequest:
        return None
    return found


def _purpose() -> str:
    oidc = settings.current().oidc
    return f"officer-session/{oidc.issuer}/{oidc.officer_audience}"
