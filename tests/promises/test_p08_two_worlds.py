"""P8: nothing that a colleague can ask tells whether a sharing member has a CRM: bytes, pages, cursors, ids, calls.

Two workspaces live alike, but that in one the member has two CRMs with hundreds of people and companies that nobody else may see.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.colleague_views import SHARING
from tests.support.counted_calls import CountedCalls
from tests.support.paired_crms import Crms, own_crms, sync

HIDDEN = 300
_ID = re.compile(r"(con|com)_[0-9a-hjkmnp-tv-z]{10}([0-7][0-9a-hjkmnp-tv-z]{25})")


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


@dataclass
class Answer:
    """What one request tells beside its words: `pages` are the items and the cursor's length of each page, `calls` to AWS. Where
    items stand is by chance, so the bytes are those of all pages."""

    pages: list[tuple[int, int]] = field(default_factory=list)
    bytes: int = 0
    calls: list[Counter[str]] = field(default_factory=list)


@dataclass
class Onlooker:
    """The member's colleague, who asks everything."""

    member: Member
    counted: CountedCalls
    ids: set[str] = field(default_factory=set)

    def asks(self) -> dict[str, Answer]:
        self._ask("GET", "/v1/me", {})  # keys and sessions are warm
        self.counted.taken()
        told = {}
        for kind in ("contacts", "companies"):
            for limit in (1, 2, 50, 100):
                told[f"{kind} by {limit}"] = self._paged("GET", f"/v1/{kind}", {"limit": limit})
            for query in ({"q": "hand"}, {"q": "hidden"}, {"tag": "client"}, {"q": "file", "limit": 1}):
                told[f"{kind} {query}"] = self._paged("POST", f"/v1/{kind}/search", query)
        company = self._ask("POST", "/v1/companies/search", {"q": "Hand Ltd"})["items"][0]["id"]
        told["contacts of a company"] = self._paged("POST", "/v1/contacts/search", {"company_id": company, "limit": 1})
        self._ask(
            "GET", "/v1/changes", {}
        )  # whether tables were restored is read once a minute, by whoever comes first
        self.counted.taken()
        for limit in (2, 100):
            told[f"changes by {limit}"] = self._paged("GET", "/v1/changes", {"limit": limit})
        for path in ("members", "audit", "jobs", "connections"):
            told[path] = self._paged("GET", f"/v1/{path}", {})
        told.update({f"one {n}": self._one(each) for n, each in enumerate(sorted(self.ids))})
        return told

    def _one(self, ident: str) -> Answer:
        """Those of the twins have other orders, so only the calls are compared."""
        path = "contacts" if ident.startswith("con_") else "companies"
        self._ask("GET", f"/v1/{path}/{ident}", {})
        return Answer(calls=[self.counted.taken()])

    def _paged(self, method: str, path: str, asked: dict[str, Any]) -> Answer:
        found, cursor = Answer(), None
        while True:
            told = self._ask(method, path, {**asked, **({"cursor": cursor} if cursor else {})})
            found.calls.append(self.counted.taken())
            items = told["upserts"] + told["deleted"] if "upserts" in told else told["items"]
            cursor = told.get("next_cursor")
            found.pages.append((len(items), len(cursor or "")))
            found.bytes += told["bytes"]
            self.ids |= {each["id"] for each in items if each["id"][:4] in ("con_", "com_")}
            if not told.get("more", cursor):
                return found

    def _ask(self, method: str, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        sent = {"params": asked} if method == "GET" else {"json": asked}
        answer = self.member.api(method, path, **sent)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "bytes": len(answer.content)}


def lives(member: Member, run_import: Callable[..., dict[str, Any]]) -> None:
    """What both members have: typed, and from a file; a company that is a client."""
    assert member.api.patch("/v1/me/settings", SHARING).status_code == 200
    company = member.api.post("/v1/companies", {"name": "Hand Ltd", "tag": "client"}).json()["id"]
    for number in range(4):
        told = {"first_name": f"Hand{number}", "emails": [f"hand{number}@two.example"], "company_id": company}
        assert member.api.post("/v1/contacts", told).status_code == 201
        assert member.api.post("/v1/companies", {"name": f"Hand {number}"}).status_code == 201
    rows = "".join(f"File{number},Only,file{number}@two.example\r\n" for number in range(3))
    run_import(member, f"First Name,Last Name,Email\r\n{rows}")


def has_crms(cloud: Cloud, crms: Crms, member: Member) -> None:
    """Hundreds of people, some companies, and later changes of both."""
    people = []
    for number in range(HIDDEN):
        company = crms.company(name=f"Hidden {number}", domain=f"hidden{number}.example") if number % 10 == 0 else None
        people.append(crms.person(company, first="Hidden", last=f"N{number}", email=f"hidden{number}@two.example"))
    crms.connect(member)
    cloud.drain()
    for person in people[:20]:
        crms.change(person, title="Changed")
    sync(cloud, member)
    member.api.token = cloud.issuer.token(member.email)
    found = member.api.post("/v1/contacts/search", {"q": "hidden", "limit": 100}).json()
    assert len(found["items"]) == 100
    assert found["next_cursor"]


def test_nothing_measurable_tells_that_a_member_has_a_crm(
    cloud: Cloud,
    crms: Crms,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    owners = [new_workspace(), new_workspace()]
    members = [new_colleague(owner) for owner in owners]
    for member in members:
        lives(member, run_import)
    has_crms(cloud, crms, members[0])
    cloud.advance(61)  # all that the feed tells is settled
    with CountedCalls() as counted:
        onlookers = [Onlooker(owner, counted) for owner in owners]
        for each in onlookers:
            each.member.api.token = cloud.issuer.token(each.member.email)
        with_crms, without = (each.asks() for each in onlookers)
    assert with_crms.keys() == without.keys()
    differing = {name: (told, without[name]) for name, told in with_crms.items() if told != without[name]}
    assert differing == {}
    assert [page[0] for page in without["contacts by 1"].pages] == [1] * 7, "no page is empty, the last has no cursor"
    assert without["contacts by 1"].pages[-1][1] == 0


def test_no_id_tells_where_a_contact_or_company_came_from(
    cloud: Cloud, crms: Crms, member: Member, run_import: Callable[..., dict[str, Any]]
) -> None:
    lives(member, run_import)
    for number in range(5):
        company = crms.company(name=f"Hidden {number}")
        crms.person(company, first="Hidden", last=f"N{number}", email=f"hidden{number}@two.example")
    crms.connect(member)
    cloud.drain()
    for kind, least in (("contacts", 12), ("companies", 10)):
        ids = [each["id"] for each in member.api.get(f"/v1/{kind}?limit=100").json()["items"]]
        forms = [_ID.fullmatch(each) for each in ids]
        assert len(ids) >= least
        assert all(forms), "each has one form"
        # No time stands in front: those of one moment would begin alike.
        assert len({form[2][:4] for form in forms if form}) == len(ids)
