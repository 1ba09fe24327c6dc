"""The key that Google signs with: id tokens of people, and the tokens that Pub/Sub's pushes carry."""

import functools
from typing import Any

from joserfc import jwk, jwt

ISSUER = "https://accounts.google.com"
_BITS, _KID = 2048, "google-local-1"


def published() -> dict[str, Any]:
    """The key set at /oauth2/v3/certs."""
    return {"keys": [_key("real").as_dict(private=False)]}


def sign(claims: dict[str, Any], *, stray: bool = False) -> str:
    """A compact JWT, RS256; `stray`: by a key of the same id that is not the published one."""
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": _KID}, claims, _key("stray" if stray else "real"))


@functools.cache
def _key(_name: str) -> jwk.RSAKey:
    """One for a process: making one takes longer than most tests."""
    return jwk.RSAKey.generate_key(_BITS, {"kid": _KID, "use": "sig", "alg": "RS256"})
