"""What wiring.yaml says of the gateway: what it answers by itself, and which bodies it passes on as they were sent."""

import json
from pathlib import Path
from typing import Any

from infra.local.gateway_refusal import Refused
from infra.local.template import load

WIRING = Path(__file__).resolve().parents[1] / "wiring.yaml"
_BODY = "x-amazon-apigateway-gateway-responses"
# 405 has no gateway response type of its own: API Gateway says MISSING_AUTHENTICATION_TOKEN there.
_METHOD = "METHOD_NOT_ALLOWED"
_METHOD_BODY: dict[str, Any] = {
    "type": "https://iko.example/problems/method_not_allowed",
    "title": "This method is not allowed here",
    "status": 405,
    "code": "method_not_allowed",
}


def as_sent() -> frozenset[str]:
    """The media types of bodies that reach the function in base64, byte for byte, by wiring.yaml."""
    return frozenset(_definition(WIRING)["x-amazon-apigateway-binary-media-types"])


def _definition(wiring: Path) -> dict[str, Any]:
    made: dict[str, Any] = load(wiring)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return made


class Answers:
    """Renders gateway responses as API Gateway does, which adds the request's id by itself."""

    def __init__(self, wiring: Path = WIRING) -> None:
        self._kinds: dict[str, Any] = _definition(wiring)[_BODY]

    def render(self, refusal: Refused, request_id: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of a refusal."""
        if refusal.kind == _METHOD:
            _, headers, _ = self.render(Refused("MISSING_AUTHENTICATION_TOKEN"), request_id)
            return _METHOD_BODY["status"], [*headers, *refusal.headers.items()], json.dumps(_METHOD_BODY).encode()
        kind = self._kinds[refusal.kind]
        status = int(kind["statusCode"])
        ((media_type, template),) = kind["responseTemplates"].items()
        headers = [
            ("Content-Type", media_type),
            *_headers(kind),
            ("x-amzn-RequestId", request_id),
            ("X-Request-Id", request_id),
        ]
        return status, [*headers, *refusal.headers.items()], template.encode()


def _headers(kind: dict[str, Any]) -> list[tuple[str, str]]:
    """Of API Gateway's mappings we use literals only, which stand in single quotes."""
    prefix = "gatewayresponse.header."
    return [(name.removeprefix(prefix), text[1:-1]) for name, text in kind["responseParameters"].items()]
