"""A small OIDC issuer for this machine: keys, discovery, and tokens for anybody who asks. Never part of a deployment."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwk, jwt

LIFE_S = 24 * 3600


class LocalIssuer:
    """Signs with RS256; `rotate` adds a key and signs with it, old keys stay published."""

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.keys: list[jwk.RSAKey] = []
        self.rotate()
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self._send(200, {"issuer": issuer.url, "jwks_uri": issuer.jwks_url, "token_endpoint": issuer.token_url})
                elif self.path == "/jwks.json":
                    self._send(200, {"keys": [key.as_dict(private=False) for key in issuer.keys]})
                else:
                    self._send(404, {"error": "not_found"})

            def do_POST(self) -> None:
                try:
                    body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                    email, audience = str(body["email"]), str(body.get("audience") or issuer.audience)
                except (ValueError, KeyError, TypeError):
                    self._send(400, {"error": "invalid_request", "error_description": 'send {"email": "..."}'})
                    return
                self._send(200, {"token": issuer.token(email, aud=audience), "token_type": "Bearer", "expires_in": LIFE_S})

            def _send(self, status: int, document: dict[str, Any]) -> None:
                raw = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Quiet: requests carry addresses."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.jwks_url, self.token_url = f"{self.url}/jwks.json", f"{self.url}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def rotate(self) -> str:
        """A new signing key; its `kid`."""
        kid = f"local-{len(self.keys) + 1}"
        self.keys.append(jwk.RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}))
        return kid

    @staticmethod
    def subject(email: str) -> str:
        """The same `sub` for the same address, whatever its case."""
        return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]

    def token(self, email: str, **claims: Any) -> str:
        """A signed token; `claims` override ours, for tests of bad ones."""
        now = int(time.time())
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
        return jwt.encode({"alg": "RS256", "kid": key.kid}, body, key)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
