"""Every route with an id: the owner gets 200; another tenant, and a colleague with sharing off, get what an unknown id gets."""

import uuid
from collections.abc import Callable
from typing import Any

import requests

from chalicelib.api.http import ENDPOINTS
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.uploading import upload

# Ids that are public by design, each with its reason.
PUBLIC = {
    "/certificates/{id}": "anybody may verify a certificate; its id is 128 random bits",
    "/privacy/confirm/{token}": "the token is the person's own secret",
    "/privacy/requests/{token}": "the token is the person's own secret",
}
_VARYING = {"date", "x-request-id"}


class Fixtures:
    """A live id per resource, made by one member; and the body that each writing route takes."""

    def __init__(self, owner: Member, cloud: Cloud) -> None:
        company = owner.api.post("/v1/companies", {"name": "Walked", "tag": "client"}).json()
        contact = owner.api.post(
            "/v1/contacts", {"first_name": "W", "emails": [f"w{uuid.uuid4().hex}@walk.example"]}
        ).json()
        job = owner.api.post(
            "/v1/imports", data=b"First Name,Email\r\nA,a@walk.example\r\n", headers={"Content-Type": "text/csv"}
        ).json()["job"]
        cloud.drain()
        self.ids = {"companies": company["id"], "contacts": contact["id"], "jobs": job["id"]}
        self.ids["imports"] = upload(owner, b"First Name,Email\r\nB,b@walk.example\r\n")
        self.bodies: dict[tuple[str, str], Any] = {
            ("PATCH", "/v1/companies/{id}"): {"industry": "x"},
            ("PUT", "/v1/companies/{id}/tag"): {"tag": "prospect"},
            ("PATCH", "/v1/contacts/{id}"): {"title": "x"},
        }

    def path(self, route: str, other: str | None = None) -> str:
        kind = route.split("/")[2]
        assert kind in self.ids, f"the walk has no fixture for {route}"
        return route.replace("{id}", other or self.ids[kind])

    def unknown(self, route: str) -> str:
        """An id of the right form that nobody has."""
        live = self.ids[route.split("/")[2]]
        last = "0" if live[-1] != "0" else "1"
        return live[:-1] + last


def shown(answer: requests.Response) -> tuple[int, str, dict[str, str]]:
    headers = {k.lower(): v for k, v in answer.headers.items() if k.lower() not in _VARYING}
    return answer.status_code, answer.text, headers


def test_strangers_and_colleagues_get_what_an_unknown_id_gets(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague, stranger = new_colleague(owner), new_workspace()
    made = Fixtures(owner, cloud)
    routes = sorted(
        {(e.method, e.path) for e in ENDPOINTS if "{" in e.path and e.path not in PUBLIC},
        key=lambda r: (r[0] == "DELETE", -len(r[1]), r),
    )
    assert routes
    for method, route in routes:
        body = made.bodies.get((method, route))
        more = {"json": body} if body is not None else {}
        for other in (colleague, stranger):
            theirs = other.api(method, made.path(route), **more)
            unknown = other.api(method, made.path(route, made.unknown(route)), **more)
            assert shown(theirs) == shown(unknown), (method, route)
            assert theirs.status_code == 404, (method, route, theirs.text)
    for method, route in routes:
        body = made.bodies.get((method, route))
        own = owner.api(method, made.path(route), **({"json": body} if body is not None else {}))
        assert own.status_code in (200, 202, 204), (method, route, own.text)
        if method == "DELETE" and not route.endswith("/tag"):
            assert owner.api.get(made.path(route)).status_code == 404


def test_every_route_has_an_authoriser_or_is_listed_as_public(cloud: Cloud, api: Api) -> None:
    public = {(e.method, e.path) for e in ENDPOINTS if e.auth == "public"}
    assert public == {
        ("GET", "/config"),
        ("GET", "/health"),
        ("GET", "/robots.txt"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/privacy"),
        ("POST", "/privacy"),
        ("GET", "/privacy/confirm/{token}"),
        ("POST", "/privacy/confirm/{token}"),
        ("GET", "/privacy/requests/{token}"),
        ("GET", "/certificates/{id}"),
        ("GET", "/.well-known/jwks.json"),
    }
    for endpoint in ENDPOINTS:
        if endpoint.auth != "public":
            answer = api(endpoint.method, endpoint.path.replace("{id}", "x"), json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), endpoint.path
