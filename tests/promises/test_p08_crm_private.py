"""P8: what only a CRM knows is seen by no colleague in any way: a workspace with CRMs looks to it as one without them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.colleague_views import OwnGoogle, Told, Twins
from tests.support.paired_crms import Crms, ask, disconnect, own_crms, sync

Pair = tuple[str, str]


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


def contacts(member: Member) -> dict[str, dict[str, Any]]:
    """The member's own, by first name."""
    items = member.api.get("/v1/contacts?limit=100").json()["items"]
    return {each["first_name"]: each for each in items}


@dataclass
class Story:
    """What happens. Ann and Fil come by a file first, Cara and Goo are in the CRMs before Google tells of them, and Only is
    nowhere else; the CRMs spell some of them otherwise."""

    cloud: Cloud
    crms: Crms
    mark: Callable[[str], str]
    run_import: Callable[..., dict[str, Any]]
    google: OwnGoogle
    known: dict[str, Pair] = field(default_factory=dict)

    def mail(self, name: str) -> str:
        return f"{self.mark(name)}@people.example"

    def begins(self, member: Member) -> None:
        acme = self.mark("acme")
        told = {"name": f"Acme {acme}", "domain": f"{acme}.example", "tag": "client"}
        assert member.api.post("/v1/companies", told).status_code == 201
        rows = f"Ann,Lee,{self.mail('ann')},\r\nFil,Only,{self.mail('fil')},Buyer\r\n"
        self.run_import(member, f"First Name,Last Name,Email,Job Title\r\n{rows}")

    def crms_are_filled(self) -> None:
        mark, mail, person = self.mark, self.mail, self.crms.person
        acme = self.crms.company(name=mark("Otherwise"), domain=f"{mark('acme')}.example")
        secret = self.crms.company(name=f"Secret {mark('secret')}", domain=f"{mark('secret')}.example")
        self.known = {"acme": acme, "secret": secret}
        self.known["ann"] = person(
            acme, first="Ann", last="Lee", email=mail("ann"), title=mark("CEO"), opted_out="true"
        )
        person(secret, first="CARA", last="Stone", email=mail("cara").upper(), title=mark("CFO"), opted_out="true")
        person(acme, first="Goo", last="Gle", email=mail("goo"), title=mark("COO"))
        self.known["only"] = person(secret, first="Only", last=mark("Crm"), email=mail("only"))
        self.known["gone"] = person(secret, first="Gone", last=mark("Crm"), email=mail("gone"))

    def crms_are_connected(self, member: Member) -> None:
        self.crms.connect(member)
        self.cloud.drain()
        own = contacts(member)
        assert set(own) == {"Ann", "Fil", "CARA", "Goo", "Only", "Gone"}, "the CRMs were not read"
        assert (own["Ann"]["title"], own["Ann"]["opted_out"]) == (self.mark("CEO"), True)
        assert own["Ann"]["company_id"]

    def google_is_connected(self, member: Member) -> None:
        people = (
            {"first_name": "Ann", "last_name": "Lee", "emails": [self.mail("ann")], "title": "Buyer"},
            {"first_name": "Cara", "last_name": "Stone", "emails": [self.mail("cara")], "title": "Controller"},
            {"first_name": "Goo", "last_name": "Gle", "emails": [self.mail("goo")]},
        )
        self.google.connect(member, *people)

    def crms_change(self, member: Member) -> None:
        """And the member tags a company that nobody else knows."""
        self.crms.change(self.known["ann"], self.known["secret"], title=self.mark("Chair"))
        self.crms.change(self.known["only"], last=self.mark("Renamed"), opted_out="true")
        self.crms.delete(self.known["gone"])
        self.crms.person(self.known["acme"], first="Fil", last="Only", email=self.mail("fil"), title=self.mark("Clerk"))
        sync(self.cloud, member)
        own = contacts(member)
        assert (own["Only"]["last_name"], "Gone" in own) == (self.mark("Renamed"), False), "the changes were not read"
        found = member.api.post("/v1/companies/search", {"q": self.mark("secret")}).json()["items"]
        assert found
        for each in found:
            assert member.api.patch(f"/v1/companies/{each['id']}", {"tag": "prospect"}).status_code == 200

    def is_linked(self, member: Member, *, to_a_company_of_a_crm: bool) -> None:
        """A contact that the member makes, at a company that only a CRM knows or at none."""
        lin: dict[str, Any] = {"first_name": "Lin", "emails": [self.mail("lin")]}
        if to_a_company_of_a_crm:
            company = member.api.post("/v1/companies/search", {"q": self.mark("secret")}).json()["items"][0]
            lin["company_id"] = company["id"]
        made = member.api.post("/v1/contacts", lin)
        assert made.status_code == 201, made.text
        assert (self.mark("secret") in str(made.json()["company_name"])) == to_a_company_of_a_crm

    def google_changes(self, member: Member) -> None:
        self.google.change(member, "Cara", title="Head of Control")
        self.google.delete(member, "Goo")
        ask(self.cloud, member)

    def crms_are_disconnected(self, member: Member) -> None:
        disconnect(self.cloud, member, "salesforce", "hubspot")
        own = contacts(member)
        assert self.mail("ann") in str(own)
        only = own["Only"]  # of a company that the member tagged
        assert (only["emails"], bool(only["kept_since"])) == ([self.mail("only")], True)
        assert {each["source"] for each in only["sources"]} == {"member:hidden"}


def test_a_workspace_with_crms_looks_to_a_colleague_as_one_without(
    cloud: Cloud,
    crms: Crms,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
    mark: Callable[[str], str],
) -> None:
    twins = Twins(cloud, new_workspace, new_colleague, (mark(""),))
    story, member = Story(cloud, crms, mark, run_import, OwnGoogle(cloud)), twins.first
    assert len(twins.both(story.begins)["contacts"]) == 2
    story.crms_are_filled()
    twins.alone(lambda: story.crms_are_connected(member))

    shown = twins.both(story.google_is_connected)
    assert_no_word_of_a_crm(shown, mark)
    cara = next(item for page in shown["contacts"] for item in page if item["last_name"] == "Stone")
    assert (cara["emails"], cara["title"]) == ([story.mail("cara")], "Controller"), "what Google says is shared"
    assert [each["source"] for each in cara["sources"]] == ["google"]

    twins.alone(lambda: story.crms_change(member))

    def a_colleague_knows_ann_too(each: Member) -> None:
        own = twins.onlooker(each).api.post("/v1/contacts", {"first_name": "Ann", "emails": [story.mail("ann")]})
        assert (own.status_code, own.json()["opted_out"]) == (201, False)
        story.is_linked(each, to_a_company_of_a_crm=each is member)
        story.google_changes(each)

    shown = twins.both(a_colleague_knows_ann_too)
    assert_no_word_of_a_crm(shown, mark)
    assert story.mail("goo") not in str(shown["contacts"])
    assert twins.heard[1] == [f"(contacts {story.mail('goo')})"], "a colleague's client drops it"
    assert story.mail("goo") in str(contacts(member)), "a CRM knows it still"

    twins.alone(lambda: story.crms_are_disconnected(member))
    first, second = twins.exports()
    assert first == second
    assert "contacts.json" in first


def assert_no_word_of_a_crm(shown: Told, mark: Callable[[str], str]) -> None:
    """Neither a value nor a source nor a connection's id."""
    told = str(shown).lower()
    values = map(mark, ("ceo", "cfo", "coo", "chair", "clerk", "otherwise", "secret", "only"))
    for word in ("salesforce", "hubspot", "cxn_", *values):
        assert word not in told, word
    assert not re.search(r"\bcrm\b", told), "by itself: the letters of an id may come in that order"
    assert "'tag': 'client'" in told, "tags are shared"
