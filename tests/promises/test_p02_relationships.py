"""P2, P8: who knows whom tells nothing of a member who shows nothing, nor what only a CRM knows of one who does.

Compared are bytes, calls and what the ranking is given.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from chalicelib.core.actor import Identity
from chalicelib.domain.accounts import membership
from chalicelib.domain.network import paths
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.counted_calls import CountedCalls
from tests.support.paired_crms import NAMES, Crms, own_crms, sync
from tests.support.relations import Knows
from tests.support.scripted_mailbox import connect

CHANGES = 100
COMPANIES = {"Acme": "acme.example", "Zeta": "zeta.example", "Hand": None}
_PLACES = ("acme.example", "zeta.example", "elsewhere.example")
Looked = list[tuple[int, str, Counter[str]]]


class Watcher:
    """A member who shows whom it knows, and looks at all that tells who knows whom."""

    def __init__(self, cloud: Cloud, member: Member, counted: CountedCalls) -> None:
        self.knows, self._cloud, self._counted = Knows(member), cloud, counted
        self.companies = [self.knows.company(name, domain) for name, domain in COMPANIES.items()]
        self.knows.shares()
        for number in range(3):
            self.knows.contact(f"own{number}@acme.example", first_name=f"Own{number}")
        self.knows.writes("own1@acme.example", sent=3, received=2, days=20)
        self.look()  # keys and sessions are warm

    def look(self) -> Looked:
        """Status, body and calls of each answer; and what the ranking is given."""
        api = self.knows.member.api
        api.token = self._cloud.issuer.token(self.knows.member.email)
        told: Looked = []
        for path in (*(f"/v1/companies/{each}/paths" for each in self.companies), "/v1/introductions", "/v1/members"):
            self._counted.taken()
            answer = api.get(path)
            told.append((answer.status_code, answer.text, self._counted.taken()))
        issuer, email = self._cloud.issuer, self.knows.member.email
        who = Identity(issuer.url, issuer.subject(email), email, email_verified=True, auth_time=0)
        best = paths.strongest(membership.membership(who).actor, self.companies)
        return [*told, (200, str(best), Counter())]


class Busy:
    """Its colleague, who does this and that at random."""

    def __init__(self, member: Member, seed: int) -> None:
        self.knows, self._chance = Knows(member), random.Random(seed)  # noqa: S311 - no secret
        self._contacts: dict[str, str] = {}
        self._companies: list[str] = []

    def acts(self) -> None:
        """One change, of whatever kind."""
        known = [self._meets, self._founds]
        if self._contacts:
            known += [self._writes, self._forgets, self._retitles]
        if self._companies:
            known += [self._tags, self._untags]
        self._chance.choice([*known, self._connects, self._asks])()

    def _meets(self) -> None:
        email = f"p{self._chance.randrange(10**9)}@{self._chance.choice(_PLACES)}"
        named = {"company_name": self._chance.choice(tuple(COMPANIES))} if self._chance.random() < 0.5 else {}
        self._contacts[email] = self.knows.contact(email, **named)

    def _founds(self) -> None:
        name, domain = self._chance.choice(list(COMPANIES.items()))
        answer = self.knows.member.api.post("/v1/companies?merge=true", {"name": name, "domain": domain})
        assert answer.status_code in (200, 201), answer.text
        self._companies.append(answer.json()["id"])

    def _writes(self) -> None:
        email = self._chance.choice(list(self._contacts))
        self.knows.writes(email, sent=2, received=self._chance.randrange(3), days=self._chance.uniform(0, 50))

    def _forgets(self) -> None:
        email = self._chance.choice(list(self._contacts))
        assert self.knows.member.api.delete(f"/v1/contacts/{self._contacts.pop(email)}").status_code == 204

    def _retitles(self) -> None:
        contact = self._chance.choice(list(self._contacts.values()))
        told = {"title": f"T{self._chance.random()}", "company_name": self._chance.choice(tuple(COMPANIES))}
        assert self.knows.member.api.patch(f"/v1/contacts/{contact}", told).status_code == 200

    def _tags(self) -> None:
        path, tag = self._chance.choice(self._companies), self._chance.choice(("client", "prospect"))
        assert self.knows.member.api.put(f"/v1/companies/{path}/tag", {"tag": tag}).status_code == 200

    def _untags(self) -> None:
        path = self._chance.choice(self._companies)
        assert self.knows.member.api.delete(f"/v1/companies/{path}/tag").status_code == 200

    def _connects(self) -> None:
        self.knows.readers[:0] = [connect(self.knows.member, size=100, address=f"me{self._chance.random()}@gmail.com")]

    def _asks(self) -> None:
        if self._companies:
            body = {"company_id": self._chance.choice(self._companies), "path": f"pth_{'0' * 26}"}
            assert self.knows.member.api.post("/v1/introductions", body).status_code in (404, 429)


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


def test_nothing_that_a_member_who_hides_does_is_seen(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    busy = Busy(new_colleague(owner), seed=13)
    with CountedCalls() as counted:
        watcher = Watcher(cloud, owner, counted)
        before = watcher.look()
        for number in range(CHANGES):
            busy.acts()
            if number % 10 == 9:
                assert watcher.look() == before
    busy.knows.shares()
    assert watcher.look() != before, "there was something to be seen"


def test_nothing_that_only_a_crm_knows_is_seen_of_a_member_who_shows(
    cloud: Cloud, crms: Crms, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    shows = Knows(new_colleague(owner))
    shows.shares()
    assert shows.member.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    shows.contact("ada@acme.example")
    shows.writes("ada@acme.example", sent=1, received=1, days=3)
    chance = random.Random(8)  # noqa: S311 - no secret
    people = [crms.person(first="Ada", last="Hopper", email="ada@acme.example")]
    with CountedCalls() as counted:
        watcher = Watcher(cloud, owner, counted)
        before = watcher.look()
        assert '"band":"fair"' in before[0][1]
        crms.connect(shows.member)
        cloud.drain()
        company = crms.company(name="Acme", domain="acme.example")
        for number in range(CHANGES):
            place = chance.choice(_PLACES)
            if chance.random() < 0.5:
                email = f"crm{number}@{place}"
                people.append(crms.person(company, first="Crm", last=f"N{number}", email=email))
            else:
                email = f"changed{number}@{place}"
                crms.change(chance.choice(people), company, title=f"T{number}", email=email)
            if number % 20 == 19:
                crms.change(people[0], company, email=f"other{number}@acme.example")
                sync(cloud, shows.member, *NAMES)
                for each in (email, f"other{number}@acme.example"):
                    shows.writes(each, sent=3, received=3, days=1)
                assert watcher.look() == before
    counts = shows.member.api.get("/v1/contacts?limit=100").json()["items"]
    assert len(counts) > CHANGES // 4
    emails = {email for each in counts for email in each["emails"]}
    assert {"ada@acme.example", f"other{CHANGES - 1}@acme.example"} <= emails
    own = shows.member.api.post("/v1/companies/search", {"q": "acme.example"}).json()["items"][0]["id"]
    assert shows.paths(own)[0]["strength"] > 70, "its owner sees it all"
