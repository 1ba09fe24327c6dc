"""P2, P8: a ranking tells nothing of a colleague who shares nothing, nor what only a CRM knows of one who does; what is shared
teaches, and nobody is scored who objects, restricts or was erased."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.counted_calls import CountedCalls
from tests.support.paired_crms import Crms, own_crms
from tests.support.relations import Knows
from tests.support.wishes import exercise, somebody

CHANGES = 100
OTHERS = ("retail", "food", "mining")
_CURSOR = re.compile(r'(?<="next_cursor": ")[0-9a-z]+')


def company(of: Member, name: str, industry: str | None = None, tag: str | None = None, **more: Any) -> str:
    answer = of.api.post("/v1/companies", {"name": name, "industry": industry, "tag": tag, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class Seller:
    """A member with clients in software, other companies, and a prospect of each kind, who looks at its ranking."""

    def __init__(self, member: Member, counted: CountedCalls, clients: int = 6) -> None:
        self.member, self._counted = member, counted
        self.clients = [company(member, f"Client {n}", "software", "client") for n in range(clients)]
        for number in range(12):
            company(member, f"Other {number}", OTHERS[number % 3])
        self.near, self.far = (company(member, name, name, "prospect") for name in ("software", "food"))
        self.look()  # keys and sessions are warm

    def look(self) -> list[tuple[int, str, Counter[str]]]:
        """Status, body and calls of each answer."""
        told = []
        for path in ("", "?limit=1", f"/explain/{self.far}"):
            self._counted.taken()
            answer = self.member.api.get(f"/v1/prospects{path}")
            text = _CURSOR.sub("", answer.text)  # sealed anew each time
            told.append((answer.status_code, text, self._counted.taken()))
        return told

    def ranked(self) -> dict[str, dict[str, Any]]:
        """The prospects by their names."""
        return {each["name"]: each for each in self.member.api.get("/v1/prospects").json()["items"]}


class Busy:
    """Its colleague, who changes this and that at random."""

    def __init__(self, member: Member) -> None:
        self.member, self._chance = member, random.Random(13)  # noqa: S311 - no secret
        self._companies: list[str] = []

    def acts(self) -> None:
        """One change, of whatever kind."""
        known = [self._founds, *([self._tags, self._untags, self._tells, self._meets] if self._companies else [])]
        self._chance.choice(known)()

    def _founds(self) -> None:
        industry = self._chance.choice((*OTHERS, "software"))
        tag = self._chance.choice(("client", "prospect", None))
        self._companies.append(company(self.member, f"Busy {len(self._companies)}", industry, tag))

    def _tags(self) -> None:
        tag = {"tag": self._chance.choice(("client", "prospect"))}
        assert self.member.api.put(f"/v1/companies/{self._one()}/tag", tag).status_code == 200

    def _untags(self) -> None:
        assert self.member.api.delete(f"/v1/companies/{self._one()}/tag").status_code == 200

    def _tells(self) -> None:
        told = {"type": "funding", "occurred_at": clock.rfc3339(clock.now())}
        assert self.member.api.post(f"/v1/companies/{self._one()}/signals", told).status_code == 201

    def _meets(self) -> None:
        email = f"p{self._chance.randrange(10**9)}@busy.example"
        told = {"first_name": "P", "emails": [email], "title": "CTO", "company_id": self._one()}
        assert self.member.api.post("/v1/contacts", told).status_code == 201

    def _one(self) -> str:
        return self._chance.choice(self._companies)


@pytest.fixture
def counted() -> Iterator[CountedCalls]:
    with CountedCalls() as found:
        yield found


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


def test_nothing_that_a_colleague_who_shares_nothing_does_moves_a_rank(
    member: Member, new_colleague: Callable[[Member], Member], counted: CountedCalls
) -> None:
    seller, busy = Seller(member, counted), Busy(new_colleague(member))
    before = seller.look()
    for number in range(CHANGES):
        busy.acts()
        if number % 10 == 9:
            assert seller.look() == before
    assert busy.member.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    assert seller.look() != before, "there was something to be seen"


def test_what_a_colleague_shares_teaches_and_is_named_as_the_teams(
    member: Member, new_colleague: Callable[[Member], Member], counted: CountedCalls
) -> None:
    seller, colleague = Seller(member, counted, clients=0), new_colleague(member)
    for number in range(6):
        company(colleague, f"Theirs {number}", "software", "client")
    assert seller.ranked()["software"]["fit"]["score"] is None
    assert colleague.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    fit = seller.ranked()["software"]["fit"]
    assert fit["reasons"][0]["text"] == "Industry software: like Theirs 0 and Theirs 1, clients of your team"


def test_what_only_a_crm_knows_of_a_member_who_shares_teaches_nobody_else(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], counted: CountedCalls, crms: Crms
) -> None:
    seller, colleague = Seller(member, counted), new_colleague(member)
    assert colleague.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    before = seller.look()
    for number in range(8):
        crms.company(name=f"Hidden {number}", domain=f"hidden{number}.io")
    crms.connect(colleague)
    cloud.drain()
    hidden = colleague.api.post("/v1/companies/search", {"q": "Hidden"}).json()["items"]
    assert len(hidden) == 8
    for each in hidden:
        colleague.api.patch(f"/v1/companies/{each['id']}", {"industry": "food", "tag": "client"})
    assert seller.look() == before
    for number, each in enumerate(hidden):  # now they have a name that may be seen, and a domain that may not
        company(member, f"Com {number}", domain=f"com{number}.com")
        colleague.api.patch(f"/v1/companies/{each['id']}", {"industry": None, "name": f"Named {number}"})
    company(member, "Io", tag="prospect", domain="near.io")
    assert member.api.get("/v1/prospects").json()["clients"] == 6 + len(hidden)
    assert seller.ranked()["Io"]["fit"]["reasons"] == []


def test_untagging_a_client_is_followed_at_once(member: Member, counted: CountedCalls) -> None:
    seller = Seller(member, counted)
    before = seller.ranked()["software"]
    assert "Client 0" in before["fit"]["reasons"][0]["text"]
    assert member.api.delete(f"/v1/companies/{seller.clients[0]}/tag").status_code == 200
    after = seller.ranked()["software"]
    assert after["fit"]["score"] < before["fit"]["score"]
    assert "Client 0" not in after["fit"]["reasons"][0]["text"]


@pytest.mark.parametrize("right", ["objection", "restriction", "erasure"])
def test_nobody_is_scored_who_does_not_want_it(
    cloud: Cloud, member: Member, counted: CountedCalls, right: str, erased: Callable[..., str]
) -> None:
    seller, knows, address = Seller(member, counted), Knows(member), somebody()
    knows.contact(address, title="CTO", company_id=seller.far)
    knows.writes(address, sent=3, received=3)
    assert seller.ranked()["food"]["relationship"]["score"] > 50
    erased(address) if right == "erasure" else exercise(cloud, address, right)
    cloud.drain()
    member.api.token = cloud.issuer.token(member.email)
    assert seller.ranked()["food"]["relationship"] == {"score": 0.0, "reasons": []}


def test_a_title_of_who_objects_counts_for_nothing(cloud: Cloud, member: Member, counted: CountedCalls) -> None:
    seller, address = Seller(member, counted), somebody()
    for each in seller.clients:
        told = {"first_name": "T", "title": "CTO", "emails": [f"{each[-20:]}@clients.example"], "company_id": each}
        assert member.api.post("/v1/contacts", told).status_code == 201
    for number in range(6):
        other = company(member, f"Prospect {number}", "food", "prospect")
        told = {"first_name": "T", "title": "Buyer", "emails": [f"b{number}@others.example"], "company_id": other}
        assert member.api.post("/v1/contacts", told).status_code == 201
    told = {"first_name": "T", "title": "CTO", "emails": [address], "company_id": seller.far}
    assert member.api.post("/v1/contacts", told).status_code == 201
    features = [each["feature"] for each in seller.ranked()["food"]["fit"]["reasons"]]
    assert "titles" in features
    exercise(cloud, address, "objection")
    member.api.token = cloud.issuer.token(member.email)
    assert "titles" not in [each["feature"] for each in seller.ranked()["food"]["fit"]["reasons"]]
