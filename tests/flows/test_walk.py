"""Every route with an id: the owner gets 200; another tenant, and a colleague with sharing off, get what an unknown id gets."""

import uuid
from collections.abc import Callable
from typing import Any

import requests

from chalicelib.api.http import ENDPOINTS
from chalicelib.connectors.port import Stream
from chalicelib.core import clock
from chalicelib.domain.connections import held, repository
from chalicelib.domain.connections.model import Held
from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.consent_flow import connect
from tests.support.matched_contacts import decide, matches, two_who_may_be_one
from tests.support.member_tasks import given
from tests.support.officer import ACCESS, officer
from tests.support.officer_desk import Browser
from tests.support.privacy_mail import mail
from tests.support.relations import Knows
from tests.support.uploads import upload

# Ids that are public by design, each with its reason.
PUBLIC = {
    "/certificates/{id}": "anybody may verify a certificate; its id is 128 random bits",
    "/oauth/{provider}/callback": "the state is the member's own secret; providers' names are the same for everybody",
    "/v1/providers/{provider}/authorize": "providers' names are the same for everybody",
    "/invitations/{token}": "the token is the invited person's own secret",
    "/privacy/amend/{token}": "the token is the person's own secret",
    "/privacy/confirm/{token}": "the token is the person's own secret",
    "/privacy/directory/{token}": "the token is the person's own secret",
    "/privacy/copy/{token}": "the token is the person's own secret",
    "/privacy/lift/{token}": "the token is the person's own secret",
    "/privacy/requests/{token}": "the token is the person's own secret",
}
# What an owner alone does: a colleague is told so, whether or not there is such an id.
OWNERS_ONLY = {("PATCH", "/v1/members/{id}"), ("DELETE", "/v1/members/{id}")}
OFFICERS = ("officer", "desk")  # walked by themselves below
_VARYING = {"date", "x-request-id"}


class Fixtures:
    """A live id per resource, made by one member; and the body that each writing route takes."""

    def __init__(self, owner: Member, colleague: Member, cloud: Cloud) -> None:
        company = owner.api.post("/v1/companies", {"name": "Walked", "tag": "client"}).json()
        prospect = owner.api.post("/v1/companies", {"name": "Walked next", "tag": "prospect"}).json()
        contact = owner.api.post(
            "/v1/contacts", {"first_name": "W", "emails": [f"w{uuid.uuid4().hex}@walk.example"]}
        ).json()
        job = owner.api.post(
            "/v1/imports", data=b"First Name,Email\r\nA,a@walk.example\r\n", headers={"Content-Type": "text/csv"}
        ).json()["job"]
        export = owner.api.post("/v1/exports").json()
        match = merged(owner, cloud)
        invited = owner.api.post("/v1/members", {"email": f"w{uuid.uuid4().hex}@walk.example"}).json()
        self.ids = {
            "companies": company["id"],
            "contacts": contact["id"],
            "prospects": prospect["id"],
            "jobs": job["id"],
            "members": invited["id"],
            "PATCH members": colleague.id,
            "exports": export["id"],
            "matches": match,
        }
        self.ids["connections"] = connect(cloud, owner, "x")["id"]
        record = repository.find(owner.tenant, self.ids["connections"])
        assert record
        there = Held(stream=Stream.CONTACTS, since=clock.now(), before=20, shown=4, would_delete=16)
        held.say(record, Stream.CONTACTS, there)  # so that it can be confirmed
        self.ids["imports"] = upload(owner, b"First Name,Email\r\nB,b@walk.example\r\n")
        self.ids["privacy"] = given(owner, contact["id"])
        self.ids["introductions"] = asked(owner, colleague)
        self.bodies: dict[tuple[str, str], Any] = {
            ("POST", "/v1/privacy/tasks/{id}"): {"answer": "refused", "reason": "x"},
            ("POST", "/v1/introductions/{id}"): {"decision": "decline"},
            ("POST", "/v1/matches/{id}"): {"decision": "same"},
            ("PATCH", "/v1/companies/{id}"): {"industry": "x"},
            ("PUT", "/v1/companies/{id}/tag"): {"tag": "prospect"},
            ("POST", "/v1/companies/{id}/signals"): {"type": "visit", "occurred_at": "2026-01-01T00:00:00Z"},
            ("PATCH", "/v1/contacts/{id}"): {"title": "x"},
            ("PATCH", "/v1/members/{id}"): {"role": "member"},
        }

    def live(self, method: str, route: str) -> str:
        """The id to call a route with."""
        kind = route.split("/")[2]
        assert kind in self.ids, f"the walk has no fixture for {route}"
        return str(self.ids.get(f"{method} {kind}", self.ids[kind]))

    def path(self, method: str, route: str) -> str:
        return route.replace("{id}", self.live(method, route))

    def unknown(self, method: str, route: str) -> str:
        """The same with an id of the right form that nobody has."""
        live = self.live(method, route)
        last = "0" if live[-1] != "0" else "1"
        return route.replace("{id}", live[:-1] + last)


def asked(owner: Member, colleague: Member) -> str:
    """The owner is asked for an introduction by its colleague; the id of what it is asked. Nothing is shared in the end."""
    who, whom = Knows(colleague), Knows(owner)
    who.shares()
    whom.shares()
    company = who.company("Walk", "walk.example")
    who.asks(company, who.paths(company)[0]["id"])
    who.shares(on=False)
    whom.shares(on=False)
    return str(whom.introductions()[0]["id"])


def merged(owner: Member, cloud: Cloud) -> str:
    """The id of a pair that the owner calls the same."""
    two_who_may_be_one(owner, "walk.example")
    cloud.drain()
    return str(decide(owner, matches(owner, "proposed")[0], "same").json()["id"])


def shown(answer: requests.Response) -> tuple[int, str, dict[str, str]]:
    headers = {k.lower(): v for k, v in answer.headers.items() if k.lower() not in _VARYING}
    return answer.status_code, answer.text, headers


def test_strangers_and_colleagues_get_what_an_unknown_id_gets(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague, stranger = new_colleague(owner), new_workspace()
    made = Fixtures(owner, colleague, cloud)
    routes = sorted(
        {(e.method, e.path) for e in ENDPOINTS if "{" in e.path and e.path not in PUBLIC and e.auth not in OFFICERS},
        key=lambda r: (r[0] == "DELETE", -len(r[1]), r),
    )
    assert routes
    for method, route in routes:
        body = made.bodies.get((method, route))
        more = {"json": body} if body is not None else {}
        for other in (colleague, stranger):
            theirs = other.api(method, made.path(method, route), **more)
            unknown = other.api(method, made.unknown(method, route), **more)
            assert shown(theirs) == shown(unknown), (method, route)
            told = other is colleague and (method, route) in OWNERS_ONLY
            assert theirs.status_code == (403 if told else 404), (method, route, theirs.text)
    for method, route in routes:
        body = made.bodies.get((method, route))
        own = owner.api(method, made.path(method, route), **({"json": body} if body is not None else {}))
        assert own.status_code in (200, 201, 202, 204, 303), (method, route, own.text)
        if method == "DELETE" and not route.endswith("/tag"):
            assert owner.api.get(made.path(method, route)).status_code == 404


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
        ("GET", "/privacy/directory/{token}"),
        ("POST", "/privacy/directory/{token}"),
        ("GET", "/privacy/amend/{token}"),
        ("POST", "/privacy/amend/{token}"),
        ("GET", "/privacy/copy/{token}"),
        ("POST", "/privacy/copy/{token}"),
        ("GET", "/privacy/lift/{token}"),
        ("POST", "/privacy/lift/{token}"),
        ("GET", "/privacy/requests/{token}"),
        ("GET", "/verify"),
        ("GET", "/oauth/{provider}/callback"),
        ("GET", "/invitations/{token}"),
        ("GET", "/certificates/{id}"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/officer/login"),
        ("GET", "/officer/callback"),
        ("GET", "/subscription/return"),
        ("POST", "/webhooks/gmail"),
        ("POST", "/webhooks/paypal"),
    }
    for endpoint in ENDPOINTS:
        if endpoint.bearer:
            answer = api(endpoint.method, endpoint.path.replace("{id}", "x"), json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), endpoint.path


def test_no_member_comes_to_the_officers_routes_whatever_the_id(member: Member) -> None:
    """A member's token proves nothing there, so that no answer tells whether there is such a request."""
    theirs = [endpoint for endpoint in ENDPOINTS if endpoint.auth == "officer"]
    assert len(theirs) >= 7
    for endpoint in theirs:
        for ident in ("x", f"req_{'0' * 26}"):
            answer = member.api(endpoint.method, endpoint.path.replace("{id}", ident), json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), endpoint.path


def test_the_desk_shows_nobody_but_its_officer_whether_there_is_such_a_request(
    cloud: Cloud, member: Member, drop_mail: Callable[..., str]
) -> None:
    """Neither a member's token nor the officer's own bearer opens it; with them, without them, any id is answered alike."""
    live = id_of_mail(drop_mail(mail(f"walk.{uuid.uuid4().hex[:10]}@people.example", ACCESS)))
    cloud.drain()
    theirs = [endpoint for endpoint in ENDPOINTS if endpoint.auth == "desk"]
    assert len(theirs) >= 5
    for endpoint in theirs:
        shown_to = set()
        for client in (Api(cloud.url), member.api, officer(cloud)):
            for ident in ("x", f"req_{'0' * 26}", live):
                path = endpoint.path.replace("{id}", ident).replace("{action}", "answer")
                answer = client(endpoint.method, path, data={"text": "x", "token": "x"})
                assert answer.status_code == 401, path
                shown_to.add(answer.text)
        assert len(shown_to) == 1, endpoint.path


def test_no_officer_learns_by_an_id_of_more_than_requests_that_there_are(cloud: Cloud, member: Member) -> None:
    """Ids of other things, of requests that are none, and what is no id: all the same answer, and at the desk the same page."""
    contact = member.api.post(
        "/v1/contacts", {"first_name": "W", "emails": [f"w{uuid.uuid4().hex}@walk.example"]}
    ).json()
    browser = Browser(cloud)
    browser.sign_in()
    for endpoint in (each for each in ENDPOINTS if each.auth in OFFICERS and "{id}" in each.path):
        bodies: dict[str, dict[str, Any]] = {
            "open": {"reason": "read"},
            "answer": {"text": "x"},
            "extend": {"reason": "number"},
        }
        bodies |= {"decision": {"decision": "verified", "reason": "other_proof"}, "merge": {"into": "req_x"}}
        bodies |= {"split": {"rights": ["access"]}}
        body = bodies.get(endpoint.path.rpartition("/")[2], {})
        for ident in (contact["id"], member.tenant, f"req_{'0' * 26}", "x"):
            path = endpoint.path.replace("{id}", ident).replace("{action}", "rerun")
            if endpoint.auth == "officer":
                answer = officer(cloud)(endpoint.method, path, json=body)
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
            else:
                form = {**body, "token": browser.get("/officer").form("/logout").hidden["token"]}
                page = browser.go(endpoint.method, path, data=form)
                assert (page.status, "no such request" in page.words) == (404, True), path
