"""A small Chalice app that stands in for ours where the local cloud itself is tested."""

import base64
import threading
from typing import Any

from chalice import AuthResponse, Chalice, Response


class Rejected(Exception):
    def __init__(self) -> None:
        super().__init__("Unauthorized")


def app() -> Chalice:
    """`asked` counts the authorizer's calls; `release` ends /slow."""
    made = Chalice(app_name="standin")
    made.api.binary_types = ["text/csv", "application/octet-stream"]
    made.asked = []
    made.release = threading.Event()

    @made.authorizer(ttl_seconds=60)
    def identity(request: Any) -> AuthResponse:
        made.asked.append(request.token)
        if request.token == "Bearer crash":
            raise ValueError("canary-8211 must reach nobody")
        if request.token == "Bearer deny":
            return AuthResponse(routes=[], principal_id="nobody")
        if not request.token.startswith("Bearer ok"):
            raise Rejected
        return AuthResponse(routes=["*"], principal_id="ada", context={"subject": "ada"})

    _add_things(made, identity)
    _add_bodies(made)
    return made


def _add_things(made: Chalice, identity: Any) -> None:
    @made.route("/me", authorizer=identity, cors=True)
    def me() -> dict[str, Any]:
        context = made.current_request.context
        return {"who": context["authorizer"], "id": context["requestId"], "ip": context["identity"]["sourceIp"]}

    @made.route("/things/{id}", methods=["GET", "PUT"], content_types=["application/json"], cors=True)
    def thing(id: str) -> dict[str, Any]:  # noqa: A002 - Chalice passes it by name
        query = made.current_request.query_params
        return {"id": id, "q": dict(query) if query else {}}

    @made.route("/things/special")
    def special() -> dict[str, Any]:
        return {"id": "the special one"}


def _add_bodies(made: Chalice) -> None:
    @made.route("/files", methods=["POST"], content_types=["text/csv", "application/octet-stream"])
    def files() -> dict[str, Any]:
        return {"body": base64.b64encode(made.current_request.raw_body).decode()}

    @made.route("/texts", methods=["POST"], content_types=["text/plain"])
    def texts() -> dict[str, Any]:
        return {"length": len(made.current_request.raw_body)}

    @made.route("/large")
    def large() -> Response:
        return Response("x" * (6 * 1024 * 1024), headers={"Content-Type": "text/plain"})

    @made.route("/slow")
    def slow() -> dict[str, Any]:
        made.release.wait(20)
        return {}
