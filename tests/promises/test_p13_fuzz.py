"""P13: no spelling, in no field, by no way in, stores an erased person's address or profile again, and nobody else is touched.

IKO_FUZZ_EXAMPLES sets how many examples are tried of each way in. What one costs does not grow with those before: all
that connections have is read at the end, and whom files and connections brought is looked at there."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.social.linkedin import ADA
from tests.conftest import Member
from tests.scan import places
from tests.support.own_exports import every
from tests.support.provider_accounts import SOURCES
from tests.support.spellings import addresses, in_cell, profiles, understood, within

EXAMPLES = int(os.environ.get("IKO_FUZZ_EXAMPLES", "10"))
MANY = max(3, EXAMPLES // 8)  # where each tries many spellings; the first of Hypothesis is the simplest and says little
QUIET: dict[str, Any] = {
    "suppress_health_check": [
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.large_base_example,
    ],
    "phases": [
        Phase.explicit,
        Phase.generate,
    ],  # what is found says enough as it is, and making it smaller takes minutes
}
HEAD = ["First Name", "Last Name", "Title", "Company", "Email", "Phone", "LinkedIn", "Website", "Record ID"]
TEXTS = ("first_name", "last_name", "title", "company_name", "notes")


@dataclass
class Person:
    """Somebody who was erased, `name` in address and profile, and who must not change meanwhile. `own` and `near` are cells that
    name the person, and others, by the last names of the rows in which they came."""

    cloud: Cloud
    member: Member
    name: str
    others: list[Any]
    own: dict[str, str] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)

    @property
    def spelt(self) -> st.SearchStrategy[str]:
        return st.one_of(addresses(f"{self.name}@people.example"), profiles(self.name))

    @property
    def texts(self) -> st.SearchStrategy[str]:
        return within(self.spelt)

    @property
    def cells(self) -> st.SearchStrategy[str]:
        return in_cell(addresses(f"{self.name}@people.example"))

    @property
    def cells_of_others(self) -> st.SearchStrategy[str]:
        others = st.integers(0, 9999).map(lambda number: f"other{number}{self.name[::-1]}@people.example")
        return in_cell(others.flatmap(addresses))

    def hidden(self) -> list[str]:
        """Where the name stands, in what is stored."""
        return [
            f"{found.place}: {text!a}"
            for found in places.unsealed(self.cloud)
            for text in _texts(found.content.decode("utf-8", "replace"))
            if self.name in understood(text)
        ]

    def rows(self, own: list[str], near: list[str], way: str) -> list[tuple[str, str]]:
        """Each cell with the last name of its row, which no other row has."""
        named = []
        for number, (told, cell) in enumerate(
            [*((self.own, each) for each in own), *((self.near, each) for each in near)]
        ):
            name = f"Came{len(self.own) + len(self.near)}{way}{number}"
            told[name] = cell
            named.append((f"{name}_", cell))
        return named

    def check(self) -> None:
        """The person is nowhere, and nobody else was lost."""
        self.member.api.token = self.cloud.issuer.token(self.member.email)
        stored = every(self.member, "contacts")
        came = {str(item["last_name"]).partition("_")[0] for item in stored}
        assert {name: cell for name, cell in self.own.items() if name in came} == {}
        assert {name: cell for name, cell in self.near.items() if name not in came} == {}
        assert [item for item in stored if item["title"] == "Stays"] == self.others
        assert self.hidden() == []


@pytest.fixture
def person(cloud: Cloud, member: Member, mark: Callable[[str], str], erased: Callable[..., str]) -> Person:
    name, near = mark("gone"), mark("near")
    gone = Person(cloud, member, name, [])
    page = f"https://www.linkedin.com/in/{name}"
    member.api.post(
        "/v1/contacts", {"first_name": "Gone", "emails": [f"{name}@people.example"], "profile_urls": [page]}
    )
    for address in (f"{near}@people.example", f"{near}x@people.example", f"x{near}@people.example"):
        fields = {"first_name": near, "last_name": address[:30], "emails": [address], "title": "Stays"}
        assert member.api.post("/v1/contacts", fields).status_code == 201
    erased(f"{name}@people.example")
    gone.others = every(member, "contacts")
    assert len(gone.others) == 3
    gone.check()
    return gone


def test_no_route_takes_the_person_back(person: Person) -> None:
    kept = person.member.api.post("/v1/contacts", {"first_name": "Kept"}).json()["id"]
    firm = person.member.api.post("/v1/companies", {"name": "Kept"}).json()["id"]
    api = person.member.api

    @settings(max_examples=EXAMPLES, **QUIET)
    @given(texts=st.lists(person.texts, min_size=5, max_size=5), spelt=person.spelt)
    def write(texts: list[str], spelt: str) -> None:
        own = dict(zip(TEXTS, texts, strict=True))
        company = {"name": texts[0], "industry": texts[1], "notes": texts[3]}
        company |= {"size": texts[2]} if len(texts[2]) <= 40 else {}
        answers = [
            api.post("/v1/contacts", {**own, "notes": f"{own['notes']} and b@o.example"}),
            api.patch(f"/v1/contacts/{kept}", own),
            api.patch(f"/v1/companies/{firm}", company),
            *(api.post("/v1/contacts", {"first_name": "A", name: [spelt]}) for name in ("emails", "profile_urls")),
            api.post("/v1/contacts", {"first_name": "A", "phones": [f"030 {spelt}"]}),
            api.post("/v1/contacts", {"first_name": "A", "profile_urls": [f"https://a.example/p?x={texts[4]}"]}),
            api.post("/v1/companies", {"name": "A", "domain": spelt}),
            api.post("/v1/import-mappings", {"name": texts[0], "columns": {"a": "email"}}),
            api.post("/v1/import-mappings", {"name": "a", "columns": {texts[1]: "email"}}),
            api.post("/v1/connections/google/authorize", {"return_to": f"https://a.example/?x={spelt}"}),
        ]
        for answer in answers:
            assert answer.status_code < 500, answer.text
            if answer.status_code < 300:
                assert [text for text in _texts(answer.text) if person.name in understood(text)] == []

    write()
    person.check()


def test_no_file_takes_the_person_back(person: Person, run_import: Callable[..., dict[str, Any]]) -> None:
    @settings(max_examples=MANY, **QUIET)
    @given(
        rows=st.lists(st.lists(person.texts, min_size=9, max_size=9), min_size=8, max_size=8),
        spelt=st.lists(person.spelt, min_size=8, max_size=8),
        cells=st.lists(person.cells, min_size=8, max_size=8),
        others=st.lists(person.cells_of_others, min_size=8, max_size=8),
        column=person.texts,
    )
    def bring(rows: list[list[str]], spelt: list[str], cells: list[str], others: list[str], column: str) -> None:
        lines = [[*HEAD, column]]
        for number, (texts, own) in enumerate(zip(rows, spelt, strict=True)):
            for place in range(9):  # each field alone, so that the row is not refused for another
                line = ["A", f"B{number}{place}", "", "", "", "", "", "", "", ""]
                line[place] = own if place in (4, 6, 7) else f"030 123456 {own}" if place == 5 else texts[place]
                lines.append(line)
        for name, cell in person.rows(cells, others, "csv"):
            lines += [["A", name, "", "", cell, f"030 {len(lines):07}", *[""] * 4]]
        for name, cell in person.rows(cells, [], "phone"):
            lines += [["A", name, "", "", "", f"030 {len(lines):07} {cell}", *[""] * 4]]
        for cell in others:
            lines += [["A", "Phone", "", "", "", f"030 {len(lines):07} {cell}", *[""] * 4]]
        run_import(person.member, "\r\n".join(",".join(map(_quoted, line)) for line in lines))
        cards = "".join(_card(texts, own) for texts, own in zip(rows, spelt, strict=True))
        for name, cell in person.rows(cells, others, "card"):
            cards += _card(["A", name, "", "", "", ""], "", cell)
        run_import(person.member, cards, "text/vcard")

    bring()
    person.check()


def test_no_connection_takes_the_person_back(person: Person) -> None:
    sources = {name: make(person.cloud) for name, make in sorted(SOURCES.items())}

    @settings(max_examples=MANY, **QUIET)
    @given(
        texts=st.lists(st.lists(person.texts, min_size=6, max_size=6), min_size=4, max_size=4),
        spelt=st.lists(person.spelt, min_size=4, max_size=4),
        owned=st.lists(person.cells, min_size=4, max_size=4),
        others=st.lists(person.cells_of_others, min_size=4, max_size=4),
    )
    def bring(texts: list[list[str]], spelt: list[str], owned: list[str], others: list[str]) -> None:
        for cells, own in zip(texts, spelt, strict=True):
            for place in range(6):
                line = ["A", "B", "", "", "", ""]
                line[place] = own if place > 3 else cells[place]
                for name, source in sources.items():
                    _put(source, name, line)
        for name, source in sources.items():
            for last, cell in person.rows(owned, others, name):
                _put(source, name, ["A", last, "", "", cell, ""])

    try:
        bring()
        for source in sources.values():
            source.page_of(100)
            source.connect(person.member)
        person.cloud.drain()
        person.check()
    finally:
        for source in sources.values():
            source.close()


def _put(source: Any, provider: str, line: list[str]) -> None:
    """A person with such a name, title, company, address and page at the provider."""
    first, last, title, company, email, page = line
    if provider == "google":
        person = described(first_name=first, last_name=last, title=title, company=company, emails=[email], urls=[page])
        with source.simulator.guard:
            source._of.contacts.add(person)
    elif provider == "salesforce":
        firm = source.simulator.crm.add("Account", Name=company or "Firm", Website=page)
        told = {"FirstName": first, "LastName": last, "Title": title, "Email": email, "AccountId": firm}
        source.simulator.crm.add("Contact", **told)
    elif provider == "hubspot":
        firm = source.objects.add("companies", {"name": company, "domain": page})
        told = {"firstname": first, "lastname": last, "jobtitle": title, "email": email, "associatedcompanyid": firm}
        source.objects.add("contacts", told)
    else:
        told = {"First Name": first, "Last Name": last, "Position": title, "Company": company, "Email Address": email}
        source.simulator.linkedin.put(ADA, {**told, "URL": page})


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _card(cells: list[str], own: str, mail: str = "") -> str:
    first, last, title, company, note, *_ = map(_escaped, cells)
    lines = [
        f"N:{last};{first};;;",
        f"FN:{first} {last}",
        f"TITLE:{title}",
        f"ORG:{company}",
        f"NOTE:{note}",
        f"TEL:030123456 {_escaped(own)}",
        *([f"EMAIL:{_escaped(mail)}"] if mail else []),
    ]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def _texts(content: str) -> Iterator[str]:
    """The texts of a JSON document; the content itself where it is none."""
    try:
        left = [json.loads(content)]
    except ValueError:
        left = [content]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list):
            left += each
        elif isinstance(each, str):
            yield each
