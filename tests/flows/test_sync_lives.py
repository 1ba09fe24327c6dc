"""How long what a sync brought lives: opt-outs, copies that are shown or not, contacts whose life has ended."""

from collections.abc import Callable

from chalicelib.connectors.port import Organization, Person
from chalicelib.core import clock
from chalicelib.domain import kinds
from chalicelib.domain.retention import sweep
from chalicelib.domain.suppression import opt_outs
from chalicelib.store import steps
from tests.crash import state
from tests.support.scripted_connection import Synced, person

DAY = 86_400


def test_an_opt_out_outlives_its_contact_and_goes_with_an_erasure(
    connect: Callable[..., Synced], erased: Callable[..., str]
) -> None:
    hub = connect()
    address = f"quiet-{hub.id[-6:]}@sync.example"
    hub.account.put(Person("q", "Quin", "Quiet", (address,), opted_out=True), person(2))
    hub.run()
    assert {name: each["opted_out"] for name, each in hub.contacts().items()} == {"Quiet": True, "Person2": False}
    hub.account.delete("q")
    hub.run()
    assert set(hub.contacts()) == {"Person2"}
    assert opt_outs.standing(hub.member.tenant, [address])
    erased(address)
    assert hub.rows("opt_out") == []
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_copies_that_are_shown_do_not_expire_and_those_unseen_come_back(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG"), person(1))
    hub.run()
    before = hub.contacts()["Person1"]
    company = hub.companies()["Nord AG"]
    for _ in range(4):
        hub.cloud.advance(8 * DAY)
        hub.run()  # a full pass each time
    assert hub.contacts() == {"Person1": before}
    assert hub.companies() == {"Nord AG": company}
    for lives in (False, True):
        hub.cloud.advance(31 * DAY)
        assert (hub.contacts(), hub.companies()) == ({}, {})
        if lives:
            assert steps.run(sweep.work(kinds.RECORDS), hub.member.tenant, lambda: True).state == "passed"
            assert [kind for kind in ("contact", "company", "copy", "subject") if hub.rows(kind)] == []
        hub.run()
        assert (set(hub.contacts()), set(hub.companies())) == ({"Person1"}, {"Nord AG"})


def test_an_ended_life_is_not_begun_anew_by_a_sync(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    hub.run()
    answer = hub.api.patch("/v1/me/settings", {"retention_days": 20})
    assert answer.status_code == 200, answer.text
    hub.cloud.advance(21 * DAY)
    hub.run()
    hub.account.put(person(1, title="Boss"))
    hub.run()
    assert hub.contacts() == {}
    assert hub.seen()["health"]["skipped"] == {"life_ended": 1}
    assert clock.now() > clock.parse_rfc3339(hub.runs()[0]["began_at"])
