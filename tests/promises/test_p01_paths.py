"""P1: neither who knows whom nor who asks whom stands open anywhere, nor is anything of it in a log."""

from collections.abc import Callable

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.relations import Knows

FIELDS = ("name", "mail", "works")
UNSAID = ("nopath", "nocompany", "noid", "decision")


def test_nothing_of_a_path_or_an_introduction_stands_open(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    captured: CapturedLog,
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    asks, knows = Knows(owner), Knows(new_colleague(owner))
    asks.shares()
    knows.shares()
    email = f"{mark('mail')}@{mark('mail')}.example"
    knows.contact(email, last_name=mark("name"), company_name=mark("works"))
    knows.writes(email, sent=2, received=2)
    company = asks.company(mark("works"), f"{mark('mail')}.example")
    asks.asks(company, asks.paths(company)[0]["id"])
    knows.answers("agree")
    assert asks.paths(company)[0]["strength"]
    for member in (owner, knows.member):
        for body in ({"company_id": company, "path": mark("nopath")}, {"company_id": mark("nocompany"), "path": "x"}):
            assert member.api.post("/v1/introductions", body).status_code == 404
        answer = member.api.post(f"/v1/introductions/{mark('noid')}", {"decision": mark("decision")})
        assert answer.status_code == 422
        assert mark("decision") not in answer.text

    stored, opened = list(places.raw(cloud, captured)), list(places.unsealed(cloud))
    for field in (*FIELDS, *UNSAID):
        assert places.holding(mark(field), stored) == [], field
    for field in UNSAID:
        assert places.holding(mark(field), opened) == [], "kept, though under a seal"
    for field in ("name", "mail"):
        held = places.holding(mark(field), opened)
        assert not [place for place in held if "introduction" in place or "exchange" in place], held
    assert not [line for line in captured.lines if mark("")[:12] in line]
