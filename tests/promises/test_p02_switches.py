"""P2, P4: a switch tells those who follow changes what came and went for them, and nothing of what they never saw; no client
has to read anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core.ids import owner_code
from chalicelib.domain.accounts import sharing
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import SETTLING_S, Action, Cause, Effect, Entry
from chalicelib.domain.contacts import switches
from chalicelib.domain.contacts.model import MEMBER, ContactPayload, Kept, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.jobs import work
from chalicelib.store import rows, steps
from chalicelib.store.declaration import Share
from chalicelib.store.due import Due
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower
from tests.support.counted_calls import CountedCalls
from tests.support.phone import Phone, differences
from tests.support.queues import sqs_event

HUBSPOT = "Record ID,First Name,Last Name,Email,Lifecycle Stage\r\n"


@dataclass
class Shared:
    """An owner that shares everything, and a colleague that has heard of all there is."""

    cloud: Cloud
    owner: Member
    colleague: Member
    phone: Follower

    def made(self, kind: str = "contacts", **fields: Any) -> str:
        answer = self.owner.api.post(f"/v1/{kind}", fields or {"last_name": "Lee"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def gone(self, contact: str) -> None:
        assert self.owner.api.delete(f"/v1/contacts/{contact}").status_code == 204

    def change(self, contact: str, **fields: Any) -> None:
        assert self.owner.api.patch(f"/v1/contacts/{contact}", fields).status_code == 200

    @property
    def due(self) -> Due:
        return sharing.due_of(self.owner.tenant, owner_code(self.owner.id))

    def share(self, **on: bool) -> None:
        """What that changes is told by the worker."""
        assert self.owner.api.patch("/v1/me/settings", on).status_code == 200

    def begin_to_tell(self) -> None:
        """The worker tells of a page of records, and has no time for more."""
        assert steps.run(switches.WORK, self.due.id, lambda: False) == steps.AGAIN

    def tell(self) -> None:
        """The worker tells all that is left."""
        message = sqs_event({"kind": self.due.kind, "id": self.due.id})
        assert work.handle(message, None) == {"batchItemFailures": []}

    def followed(self) -> None:
        """The phone hears of all there is, and of nothing of it again."""
        for _ in range(2):
            self.cloud.advance(SETTLING_S + 2)
            self.tell()
            self.phone.poll()
        assert self.phone.poll() == (set(), set())

    def copies(self) -> Phone:
        """Another phone of the colleague's, which keeps what it is shown."""
        self.followed()
        phone = Phone(self.colleague)
        phone.follow()
        return phone


@pytest.fixture
def team(cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]) -> Shared:
    owner = new_workspace()
    colleague = new_colleague(owner)
    found = Shared(cloud, owner, colleague, Follower(colleague))
    found.share(share_contacts=True, share_tags=True)
    return found


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "_AT_ONCE", 1)


@pytest.mark.usefixtures("_small_pages")
def test_what_is_hidden_is_dropped_and_what_was_never_seen_is_not_told(team: Shared) -> None:
    kept, lost, earlier = team.made(), team.made(), team.made()
    team.followed()
    team.gone(earlier)
    team.share(share_contacts=False)
    team.begin_to_tell()
    team.made()
    team.gone(lost)
    team.gone(team.made())
    team.tell()
    assert team.phone.poll() == (set(), {kept, lost, earlier})
    team.followed()
    team.gone(kept)
    team.made()
    assert team.phone.poll() == (set(), set())


@pytest.mark.usefixtures("_small_pages")
def test_switched_off_and_on_again_before_it_was_told(team: Shared) -> None:
    kept, lost = team.made(), team.made()
    team.followed()
    team.share(share_contacts=False)
    team.begin_to_tell()
    new, never = team.made(), team.made()
    team.gone(lost)
    team.gone(never)
    team.share(share_contacts=True)
    team.tell()
    told, dropped = team.phone.poll()
    assert told | dropped == {kept, lost, new}
    assert {kept, new} <= told, "what went is told either way: an upsert is read, and answered 404"


def test_a_switch_tells_only_what_it_changes(team: Shared) -> None:
    company = team.made("companies", name="Acme", tag="client")
    linked = team.made(last_name="Lee", company_id=company)
    team.made(last_name="Moe")
    team.followed()
    team.share(share_tags=False)
    assert team.phone.poll() == (set(), set()), "nothing of it is told by the request itself"
    team.tell()
    assert team.phone.poll() == ({linked}, {company})
    team.followed()
    team.share(share_tags=True)
    team.tell()
    assert team.phone.poll() == ({linked, company}, set())


def test_a_switch_tells_whose_time_is_another_one_by_it(team: Shared) -> None:
    """What was linked once and is not now was changed last at another time for who is shown companies, and for who is not."""
    company = team.made("companies", name="Acme")
    contact = team.made(last_name="Lee", company_id=company)
    team.cloud.advance(SETTLING_S)
    team.change(contact, company_id=None)
    phone = team.copies()
    for on in (False, True):
        team.share(share_tags=on)
        team.tell()
        team.cloud.advance(SETTLING_S + 2)
        phone.follow()
        assert differences(phone.kept, phone.listed()) == {}


@pytest.mark.usefixtures("_small_pages")
@pytest.mark.parametrize("goes", ["the link", "the company", "both, and the switch is turned twice"])
def test_what_loses_its_company_between_the_switch_and_its_telling_is_told(team: Shared, goes: str) -> None:
    """Nobody has the view any more that is told of it, and in both it looks alike then."""
    company = team.made("companies", name="Acme")
    contact = team.made(last_name="Lee", company_id=company)
    phone = team.copies()
    assert phone.kept[contact]["company_name"] == "Acme"
    team.share(share_tags=False)
    if goes == "the company":
        assert team.owner.api.delete(f"/v1/companies/{company}").status_code == 204
    else:
        team.change(contact, company_id=None)
    if goes.endswith("twice"):
        team.share(share_tags=True)
    team.tell()
    team.cloud.advance(SETTLING_S + 2)
    phone.follow()
    assert differences(phone.kept, phone.listed()) == {}


def test_a_switch_that_shows_and_hides_nothing_is_not_told(
    team: Shared, run_import: Callable[..., dict[str, Any]]
) -> None:
    """Neither by ids nor by the length of an answer."""
    team.share(share_contacts=False)
    run_import(team.owner, f"{HUBSPOT}1,Crm,Only,crm-{team.owner.id[-10:]}@people.example,Lead\r\n")
    team.followed()
    before = team.phone.member.api.get("/v1/changes", params={"cursor": team.phone.cursor})
    for on in (True, False):
        team.share(share_contacts=on, share_tags=on)
        team.tell()
        answer = team.phone.member.api.get("/v1/changes", params={"cursor": team.phone.cursor})
        assert answer.json() | {"next_cursor": ""} == before.json() | {"next_cursor": ""}
        assert len(answer.content) == len(before.content)
        team.followed()


def test_who_comes_later_is_told_nothing_of_before(team: Shared, new_colleague: Callable[[Member], Member]) -> None:
    team.made()
    team.gone(team.made())
    team.followed()
    team.share(share_contacts=False)
    team.followed()
    later = Follower(new_colleague(team.owner))
    assert later.poll() == (set(), set())
    assert later.poll() == (set(), set())


@pytest.mark.usefixtures("_small_pages")
def test_what_an_import_stores_after_the_switch_is_not_told(team: Shared) -> None:
    """Its contacts bear the time of the import, which began before."""
    kept = team.made()
    team.followed()
    body = "\r\n".join(["First Name,Last Name,Email", f"New,Ly,new-{team.owner.id[-10:]}@people.example", ""])
    sent = team.owner.api.post("/v1/imports", data=body.encode(), headers={"Content-Type": "text/csv"})
    team.share(share_contacts=False)
    team.cloud.advance(5)
    job = f"{team.owner.tenant}.{sent.json()['job']['id']}"
    assert work.handle(sqs_event({"kind": "import", "id": job}), None) == {"batchItemFailures": []}
    assert len(team.owner.api.get("/v1/contacts").json()["items"]) == 2
    team.tell()
    assert team.phone.poll() == (set(), {kept})


def test_what_was_being_written_when_it_was_switched_on_is_told_later(team: Shared) -> None:
    """An entry is as old as the beginning of its write. What is as it was told is not told again."""
    team.share(share_contacts=False)
    changed, deleted, same, never = (team.made() for _ in range(4))
    team.gone(never)
    team.followed()
    entries = [
        Entry(kind="contact", id=ident, others=effect, bare=effect, shared_by=(Share.CONTACTS,))
        for ident, effect in (
            (changed, Effect.UPSERT),
            (deleted, Effect.DELETE),
            (same, Effect.UPSERT),
            (never, Effect.DELETE),
        )
    ]
    late = journal.told(team.owner.tenant, owner_code(team.owner.id), Cause(Action.CONTACT_UPDATED), entries)
    team.cloud.advance(1)
    team.share(share_contacts=True)
    team.tell()
    assert team.phone.poll() == ({changed, deleted, same}, set())
    for each in late:
        rows.put_new(each)
    contact = rows.get(ContactRecord, team.owner.tenant, record_sk(owner_code(team.owner.id), changed[-26:]))
    other = rows.get(ContactRecord, team.owner.tenant, record_sk(owner_code(team.owner.id), deleted[-26:]))
    assert contact is not None
    assert other is not None
    said = Kept(value="Mo", sources={MEMBER: "2026-01-01T00:00:00.000Z"})
    contact.reseal(contact.unsealed(ContactPayload).model_copy(update={"first_name": said}))
    rows.put_if_unchanged(contact)
    rows.delete_if_unchanged(other)
    team.cloud.advance(SETTLING_S + 2)
    team.phone.poll()
    team.tell()
    assert team.phone.poll() == ({changed, deleted}, set())


def test_a_cursor_from_before_more_switches_than_are_known_is_refused(
    team: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that heard of the first ones go on."""
    monkeypatch.setattr(sharing, "_KEPT_AT_MOST", 2)
    contact = team.made()
    team.followed()
    old = Follower(team.colleague, cursor=team.phone.cursor)
    for on in (False, True, False):
        team.share(share_contacts=on)
        team.followed()
    assert old.refused() == "cursor_expired"
    assert contact in team.phone.dropped


def test_a_switch_costs_its_request_few_calls_however_much_there_is(team: Shared) -> None:
    """Who asks, the settings, since when they hold, the audit: what was shown is looked through by the worker."""
    for _ in range(3):
        team.made()
    team.followed()
    with CountedCalls() as calls:
        team.share(share_contacts=False)
    assert calls.taken().total() <= 6
    team.tell()
    assert len(team.phone.poll()[1]) == 3
