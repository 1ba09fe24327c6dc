"""A request as the HTTP function gets it from API Gateway: what the child of the crash harness runs."""

import json
from typing import Any


def request(resource: str, body: dict[str, Any], claims: dict[str, str], headers: dict[str, str]) -> int:
    """POST to a route without path variables, signed in as the claims say; the answer's status."""
    sent = {"content-type": "application/json", **headers}
    return _served("POST", resource, claims, headers=sent, body=json.dumps(body))


def signed_get(resource: str, claims: dict[str, str]) -> int:
    """GET of a route without path variables, signed in as the claims say; the answer's status."""
    return _served("GET", resource, claims)


def get(resource: str, path: dict[str, str], query: dict[str, str]) -> int:
    """GET of a route that needs no sign-in, with its path variables and its query; the answer's status."""
    several = {name: [value] for name, value in query.items()}
    return _served("GET", resource, {}, pathParameters=path, multiValueQueryStringParameters=several)


def _served(method: str, resource: str, claims: dict[str, str], **more: Any) -> int:
    import app

    event = {
        "resource": resource,
        "path": resource,
        "httpMethod": method,
        "headers": {},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource,
            "requestId": "crash",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": claims,
        },
        **more,
    }
    return int(app.app(event, None)["statusCode"])
