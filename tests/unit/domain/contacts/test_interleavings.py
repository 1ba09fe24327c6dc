"""Thirty lives of one contact, in which records change, passes, files and edits come in any order, beside a model of the rule."""

import random
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.domain.contacts.edits import changed
from chalicelib.domain.contacts.merge import ContactDraft, follow, merge, without_sources
from chalicelib.domain.contacts.model import ContactPayload, Kept

FORCE, HUB, GOOGLE, FILE = "salesforce:cxn_1", "hubspot:cxn_2", "google:cxn_3", "import:linkedin_csv"
RANK = (FORCE, HUB, GOOGLE, FILE)  # the better kinds first; of two alike, the first name
CRMS = (FORCE, HUB)
TITLES = ("Buyer", "Boss", "CFO", "")
ADDRESSES = tuple(f"{name}@x.example" for name in "abcd")


@dataclass
class Model:
    """What one party is to see, who hears of these sources alone: by source a title and when it became that; addresses."""

    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    addresses: dict[str, set[str]] = field(default_factory=dict)
    own: str | None = None

    def hear(self, source: str, draft: ContactDraft, at: str) -> None:
        told = {email.exact for email in draft.emails}
        self.addresses[source] = told | (self.addresses.get(source, set()) if source == FILE else set())
        before = self.titles.get(source)
        if draft.title and (before is None or before[0] != draft.title):
            first = before is None and bool(self.titles or self.own is not None)
            self.titles[source] = (draft.title, "" if first else draft.modified_at or at)
        elif not draft.title and source != FILE:
            self.titles.pop(source, None)

    def forget(self, source: str) -> None:
        self.titles.pop(source, None)
        self.addresses.pop(source, None)

    def sees(self) -> tuple[str, set[str]]:
        best = sorted(self.titles, key=RANK.index)
        best.sort(key=lambda source: self.titles[source][1], reverse=True)
        title = self.own if self.own is not None else self.titles[best[0]][0] if best else ""
        return title, set().union(*self.addresses.values())


def seen(payload: ContactPayload | None) -> tuple[str, set[str]]:
    def text(kept: Kept | None) -> str:
        return kept.value if kept else ""

    return (text(payload.title), {kept.value for kept in payload.emails}) if payload else ("", set())


@dataclass
class Life:
    """One contact with its sources' records; time is a count of steps."""

    dice: random.Random
    payload: ContactPayload
    records: dict[str, ContactDraft]
    owner: Model = field(default_factory=Model)
    colleague: Model = field(default_factory=Model)

    def step(self, at: str) -> None:
        source = self.dice.choice(RANK)
        what = self.dice.choices(("changes", "is read", "goes", "member"), (4, 5, 0.5, 0.7))[0]
        if what == "changes":
            fresh = ContactDraft(title=self.dice.choice(TITLES), emails=self._emails(), modified_at=at)
            self.records[source] = replace(fresh, modified_at="") if source == FILE else fresh
        elif what == "is read" and source in self.records:
            self._read(source, at)
        elif what == "goes" and source != FILE:
            self.payload = without_sources(self.payload, frozenset({source}))
            for model in self._hearing(source):
                model.forget(source)
        elif what == "member":
            self._member(at)

    def _emails(self) -> tuple[EmailAddress, ...]:
        return tuple(map(EmailAddress.parse, self.dice.sample(ADDRESSES, self.dice.randint(0, 2))))

    def _read(self, source: str, at: str) -> None:
        draft = self.records[source]
        for model in self._hearing(source):
            model.hear(source, draft, at)
        if source == FILE:
            self.payload = merge(self.payload, draft, source, at) or self.payload
        else:
            self.payload = follow(self.payload, draft, source, at)

    def _hearing(self, source: str) -> tuple[Model, ...]:
        return (self.owner,) if source in CRMS else (self.owner, self.colleague)

    def _member(self, at: str) -> None:
        title = self.dice.choice([title for title in TITLES if title and title != self.owner.sees()[0]])
        self.payload = changed(ACTOR, self.payload, {"title": title}, at)
        self.owner.own = self.colleague.own = title


ACTOR = Actor(tenant=TenantId("ten_1"), member=MemberId("mem_1"), code=OwnerCode("m1"), role="owner")


@pytest.mark.parametrize("seed", range(30))
def test_a_contact_shows_what_the_model_shows_to_its_owner_and_to_a_colleague(seed: int) -> None:
    named = ContactPayload(last_name=Kept(value="Doe", sources={"member": at_step(0)}), created_at=at_step(0))
    life = Life(random.Random(seed), named, {})  # noqa: S311 - dice, and the same at each run
    for number in range(1, 60):
        life.step(at_step(number))
        assert seen(life.payload) == life.owner.sees(), number
        assert seen(life.payload.shared(with_companies=True)) == life.colleague.sees(), number
        opened = ContactPayload.model_validate_json(life.payload.model_dump_json(exclude_defaults=True))
        assert opened == life.payload, "as it is stored, so it is read"
    assert {source for kept in life.payload.values() for source in kept.sources} >= set(life.owner.titles)


def at_step(number: int) -> str:
    return clock.rfc3339(clock.parse_rfc3339(f"2026-01-01T00:{number:02}:00.000Z"))
