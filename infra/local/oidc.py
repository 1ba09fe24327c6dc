"""A small OIDC issuer for this machine: keys, discovery, and tokens for anybody who asks. Never part of a deployment."""

import hashlib
import json
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from joserfc import jwk, jwt

from chalicelib.core import clock
from infra.local.sign_in import SignIn
from infra.loopback import Server

LIFE_S = 24 * 3600
_BITS = 2048


class LocalIssuer:
    """Signs with RS256. `rotate` adds a key and signs with it; the old ones stay published."""

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.keys: list[jwk.RSAKey] = []
        self.rotate()
        app = Flask("infra.local.oidc", static_folder=None)
        app.get("/.well-known/openid-configuration")(self._discovery)
        app.get("/jwks.json")(self._key_set)
        app.post("/token")(self._issue)
        self.sign_in = SignIn(app, self.token)
        self._server = Server(app)
        self.url = self.sign_in.url = self._server.url
        self.jwks_url, self.token_url = f"{self.url}/jwks.json", f"{self.url}/token"

    def rotate(self) -> str:
        """A new signing key; its `kid`."""
        kid = f"local-{len(self.keys) + 1}"
        self.keys.append(jwk.RSAKey.generate_key(_BITS, {"kid": kid, "use": "sig", "alg": "RS256"}))
        return kid

    @staticmethod
    def subject(email: str) -> str:
        """The same `sub` for the same address, whatever its case."""
        return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]

    def token(self, email: str, **claims: Any) -> str:
        """A signed token for 24 hours; `claims` override ours, and one that is None goes: for tests of bad tokens."""
        now = clock.epoch()
        body = {
            "iss": self.url,
            "sub": self.subject(email),
            "aud": self.audience,
            "email": email,
            "email_verified": True,
            "iat": now,
            "exp": now + LIFE_S,
            "auth_time": now,
            **claims,
        }
        key = self.keys[-1]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, {k: v for k, v in body.items() if v is not None}, key)

    def stop(self) -> None:
        """Publish nothing any more."""
        self._server.stop()

    def _key_set(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "jwks_uri": self.jwks_url,
            "authorization_endpoint": self.sign_in.authorize_url,
            "token_endpoint": self.sign_in.token_url,
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _issue(self) -> ResponseReturnValue:
        try:
            asked = json.loads(request.get_data())
            email, audience = asked["email"], asked.get("audience") or self.audience
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            email, audience = None, None
        if not isinstance(email, str) or "@" not in email or not isinstance(audience, str):
            return {"error": "invalid_request", "error_description": 'send {"email": "name@domain"}'}, 400
        return {"token": self.token(email, aud=audience), "token_type": "Bearer", "expires_in": LIFE_S}
