"""The pass over one tenant: in bounded pieces, with copies that no connection shows any more, beside other writes."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.domain import kinds
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.companies.model import record_sk as company_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.model import ContactPayload, Kept
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.retention import sweep
from chalicelib.domain.retention.records import SK, LivesRecord
from chalicelib.store import batch, due, rows, steps
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.aged_records import HUB, at, company, contact, put


def names(member: Member) -> list[str]:
    return sorted(item["first_name"] for item in member.api.get("/v1/contacts?limit=100").json()["items"])


def pass_over(member: Member, *, time: bool = True) -> str:
    """How one invocation of the pass ended."""
    return steps.run(sweep.work(kinds.RECORDS), member.tenant, lambda: time).state


def test_a_long_pass_goes_on_where_it_was(cloud: Cloud, member: Member) -> None:
    put(member, *[contact(f"{'Old' if n % 3 == 0 else 'New'}{n}", at(1097 if n % 3 == 0 else 5)) for n in range(250)])
    states = list[str]()
    while not states or states[-1] == "again":
        states.append(pass_over(member, time=False))
    assert states == ["again"] * 3 + ["passed"]
    left = [row.unsealed(ContactPayload).first_name for row in rows.every(ContactRecord, member.tenant, "contact#")]
    assert len(left) == 166
    assert all(name and name.value.startswith("New") for name in left)
    assert state.unpointed(cloud, member.tenant) == []
    assert rows.get(LivesRecord, f"lives#{member.tenant}", SK) is None
    planned = rows.get(due.DueRecord, f"lives#{member.tenant}", due.SK)
    assert planned
    assert planned.due_at > clock.rfc3339(clock.now() + timedelta(hours=23))


def test_two_at_once_are_one(member: Member) -> None:
    due.lease(due.Due("lives", member.tenant), 60)
    assert pass_over(member) == "leased"


def test_copies_that_their_connection_shows_no_more_are_not_there_and_go(cloud: Cloud, member: Member) -> None:
    crm = {HUB: at(400)}
    gone = contact("Gone", at(400), emails=[Kept(value="gone@lives.example", sources=crm)], seen={HUB: at(31)})
    gone = gone.model_copy(update={"first_name": Kept(value="Gone", sources=crm)})
    cut = contact("Cut", at(400), title=Kept(value="CTO", sources=crm), seen={HUB: at(31)})
    cut = cut.model_copy(update={"emails": [*cut.emails, Kept(value="cut@lives.example", sources=crm)]})
    put(member, gone, cut, contact("Seen", at(400), title=Kept(value="CEO", sources=crm), seen={HUB: at(29)}))
    assert names(member) == ["Cut", "Seen"]
    titles = {i["first_name"]: (i["title"], len(i["emails"])) for i in member.api.get("/v1/contacts").json()["items"]}
    assert titles == {"Cut": (None, 1), "Seen": ("CEO", 1)}
    assert len(state.marked(cloud, member.tenant, "gone@lives.example")) == 1

    assert pass_over(member) == "passed"
    for mark in ("gone@lives.example", "cut@lives.example", '"cto"'):
        assert state.marked(cloud, member.tenant, mark) == []
    assert state.unpointed(cloud, member.tenant) == []
    assert names(member) == ["Cut", "Seen"]


def test_a_contact_that_changes_meanwhile_is_left_to_the_next_pass(cloud: Cloud, member: Member) -> None:
    from chalicelib.core.actor import Lives
    from chalicelib.domain.contacts import expire

    put(member, contact("Heard", at(1097)))
    (row,) = rows.every(ContactRecord, member.tenant, "contact#")
    (ending,) = expire.due(member.tenant, [row], lambda _: Lives())
    (other,) = rows.every(ContactRecord, member.tenant, "contact#")
    heard = other.unsealed(ContactPayload).model_copy(update={"last_heard_at": at(1)})
    repository.rewrite(other, heard, Cause(Action.CONTACT_UPDATED))
    assert not expire.end(ending)
    assert pass_over(member) == "passed"
    assert names(member) == ["Heard"]


def test_reads_cost_nothing_more(
    member: Member, dynamodb_calls: Callable[..., object], new_workspace: Callable[..., Member]
) -> None:
    company = member.api.post("/v1/companies", {"name": "Buyer", "tag": "client"}).json()["id"]
    (young,) = put(member, contact("Young", at(5), company_id=company))
    path = f"/v1/contacts/{ids.owned_of('con', young.sk)}"
    for _ in range(2):
        with dynamodb_calls() as seen:  # type: ignore[attr-defined]
            assert member.api.get(path).status_code == 200
            assert names(member) == ["Young"]
    assert seen == ["Query", "GetItem", "Query", "Query"]
    put(member, *[contact(f"Z{n}", at(1097), company_id=company) for n in range(5)])
    with dynamodb_calls() as seen:  # type: ignore[attr-defined]
        assert len(names(member)) == 6
    assert seen == ["Query", "Query", "Query"], "the tags are read once, for those past their life"


def test_companies_that_their_connection_shows_no_more_are_not_there_and_go(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    own = Kept(value="cut.example", sources={HUB: at(400), "member": at(300)})
    made = [
        company("Gone AG", industry=Kept(value="Paper", sources={HUB: at(400)})),
        company("Cut AG", domain=own),
        company("Tagged AG", tag="client", industry=Kept(value="Paper", sources={HUB: at(400)})),
        company("Noted AG", notes="met"),
        company("Seen AG", seen={HUB: at(29)}),
    ]
    owner = ids.owner_code(member.id)
    batch.put_all([CompanyRecord.build(member.tenant, company_sk(owner, ids.ulid()), each) for each in made])
    member.api.patch("/v1/me/settings", {"share_tags": True})
    colleague = new_colleague(member)
    before = member.api.get("/v1/companies").json()["items"]
    assert {each["name"]: each["industry"] for each in before} == {
        "cut.example": None,
        "Tagged AG": None,
        "Noted AG": None,
        "Seen AG": None,
    }
    assert colleague.api.get("/v1/companies").json()["items"] == [], "their names are known from a CRM"
    assert len(state.marked(cloud, member.tenant, "gone ag")) == 1

    assert pass_over(member) == "passed"
    shared = colleague.api.get("/v1/companies").json()["items"]
    assert [each["name"] for each in shared] == ["cut.example"], "the others are known from a CRM"
    for mark in ("gone ag", "cut ag", "paper"):
        assert state.marked(cloud, member.tenant, mark) == []
    after = member.api.get("/v1/companies").json()["items"]
    for each in (*before, *after):
        del each["updated_at"]
    assert after == before
    told = member.api.get("/v1/changes").json()
    assert len(told["deleted"]) == 1
    versions = [int(row.version) for row in rows.every(CompanyRecord, member.tenant, "company#")]
    assert pass_over(member) == "passed"
    assert [int(row.version) for row in rows.every(CompanyRecord, member.tenant, "company#")] == versions


def test_an_export_leaves_out_what_is_past_its_life(cloud: Cloud, member: Member) -> None:
    put(member, contact("Old", at(1097)), contact("New", at(5)))
    batch.put_all(
        [CompanyRecord.build(member.tenant, company_sk(ids.owner_code(member.id), ids.ulid()), company("Go"))]
    )
    made = member.api.post("/v1/exports").json()["id"]
    cloud.drain()
    assert member.api.get(f"/v1/exports/{made}").json()["state"] == "done"
