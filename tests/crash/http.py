"""A request as the HTTP function gets it from API Gateway: what the child of the crash harness runs."""

import json
from typing import Any


def request(resource: str, body: dict[str, Any], claims: dict[str, str], headers: dict[str, str]) -> int:
    """POST to a route without path variables, signed in as the claims say; the answer's status."""
    import app

    event = {
        "resource": resource,
        "path": resource,
        "httpMethod": "POST",
        "headers": {"content-type": "application/json", **headers},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": resource,
            "requestId": "crash",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": claims,
        },
    }
    return int(app.app(event, None)["statusCode"])
