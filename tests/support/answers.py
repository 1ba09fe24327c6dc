"""Two answers of the API, compared as a client may compare them."""

import requests

_VARY = {"date", "x-request-id"}


def same(one: requests.Response, other: requests.Response) -> None:
    """AssertionError unless status, body and headers are alike, but for what says when and which request it was."""
    assert one.status_code == other.status_code
    a, b = (dict(answer.json()) for answer in (one, other))
    for body in (a, b):
        body.pop("instance", None)
        body.pop("request_id", None)
    assert a == b
    headers = [{k.lower(): v for k, v in r.headers.items() if k.lower() not in _VARY} for r in (one, other)]
    assert headers[0] == headers[1]
