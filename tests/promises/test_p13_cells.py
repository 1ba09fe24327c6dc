"""P13: no cell of a file and no field of a connection brings an erased person's record back, spelled as no mail would arrive; and
nobody else's is lost by that."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.own_exports import every
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.scripted_connection import connected, forget, person

SPELT = [
    "{}@{}",
    "{}\n@{}",
    "{}\r\n@{}",
    "{}\t@{}",
    "{}\x85@{}",
    "{}@\u2028{}",
    "{} @{}",
    "{}@ {}",
    "{}(at){}",
    "{} [at] {}",
    "{}@{}?subject=x",
    "mailto:{}@{}?subject=x",
    "{}\ufffd@{}",
    "{}\u2800@{}",
    "{}(Einkauf)@{}",
    '"Jan" <{} @{}>',
    "{}=40{}",
    "{}\\u0040{}",
    "bo@stays.example; {} (at) {}",
    "{}%2540{}",
    "mailto://{}@{}",
    "/o=Ex/cn={}@{}",
    "mail={}@{}",
    "|{}@{}",
    "-{}@{}",
    "{}, bo1@{}",
    "{} & bo2@{}",
    "{{{},bo3}}@{}",
    "bo4/{}@{}",
]
OLD = ["{}..x@{}", ".{}@{}", "{}.@{}"]


@pytest.fixture
def gone(cloud: Cloud, member: Member, mark: Callable[[str], str], api: Api, drop_mail: Callable[..., str]) -> str:
    """The local part of somebody who was erased, and of whom three old addresses were, that are written in quotes to."""
    name = mark("gone")
    member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [f"{name}@people.example"]})
    before = len(cloud.sent_mail())
    for address in ("{}@{}", *OLD):
        drop_mail(mail(address.format(name, "people.example"), "Please delete all my personal data.\r\n"))
    cloud.drain()
    for sent in cloud.sent_mail()[before:]:
        assert api.press(link_in(sent["text"]).removeprefix(cloud.url)).status_code == 200
    for _ in range(5):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    assert sum("/certificates/" in sent["text"] for sent in cloud.sent_mail()[before:]) == 1 + len(OLD)
    member.api.token = cloud.issuer.token(member.email)
    return name


def _spelt(name: str) -> list[str]:
    return [each.format(name, "people.example") for each in (*SPELT, *OLD)]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _sheet(cells: list[str]) -> str:
    rows = (f"Jan,N{number},{_quoted(cell)},+49 30 12345{number:02}\r\n" for number, cell in enumerate(cells))
    return "First Name,Last Name,Email,Phone\r\n" + "".join(rows)


def _cards(cells: list[str]) -> str:
    escaped = (cell.replace("\\", "\\\\").replace("\r\n", "\n").replace("\n", "\\n") for cell in cells)
    lines = (
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nN:N{number};Jan;;;\r\nFN:Jan N{number}\r\nEMAIL:{cell.replace(';', chr(92) + ';')}\r\n"
        f"TEL:+49 30 12345{number:02}\r\nEND:VCARD\r\n"
        for number, cell in enumerate(escaped)
    )
    return "".join(lines)


def _export(cells: list[str]) -> str:
    items = [{"first_name": "Jan", "last_name": f"N{number}", "emails": [cell]} for number, cell in enumerate(cells)]
    return json.dumps({"items": items, "next_cursor": None})


@pytest.mark.parametrize(
    ("written", "kind"), [(_sheet, "text/csv"), (_cards, "text/vcard"), (_export, "application/json")]
)
def test_no_row_of_a_file(
    member: Member,
    gone: str,
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
    written: Callable[[list[str]], str],
    kind: str,
) -> None:
    cells = _spelt(gone)
    result = run_import(member, written(cells), kind)
    assert {each["code"] for each in result["rejected"]} == {"address_not_storable"}
    assert (result["created"], result["rejected_total"]) == (0, len(cells))
    near = _spelt(mark("near"))
    result = run_import(member, written(near), kind)
    assert (result["created"] + result["merged"], result["rejected_total"]) == (len(near), 0)


def test_no_record_of_a_connection(
    cloud: Cloud, member: Member, gone: str, mark: Callable[[str], str], tmp_path: Path
) -> None:
    cells, near = _spelt(gone), _spelt(mark("near"))
    synced = connected(cloud, member, tmp_path, 200)
    try:
        told = [{"emails": (cell,), "phones": (f"+49 30 1234{n:03}",)} for n, cell in enumerate((*cells, *near))]
        synced.account.put(*[person(number, **fields) for number, fields in enumerate(told)])
        synced.run()
        assert {*synced.contacts()} == {f"Person{number}" for number in range(len(cells), len(told))}
        assert synced.seen()["health"]["skipped"] == {"address_not_storable": len(cells)}
    finally:
        forget(synced)


def test_no_other_cell_of_a_person(
    member: Member, gone: str, run_import: Callable[..., dict[str, Any]], mark: Callable[[str], str]
) -> None:
    """Who stands in a name, beside a number or where a page should; somebody else's page may name anybody."""

    def sheet(name: str) -> str:
        at = f"{name}@people.example"
        cells = [
            f"{at},,,",
            f"{name} at people.example,,,",
            f"A,+49 30 1234501 {at},,",
            f"A,+49 30 1234502 {name}(at)people.example,,",
            f"A,+49 30 1234503,mailto:{at},",
            f"A,+49 30 1234504,http://{at},",
        ]
        header = "First Name,Phone,Website,Last Name\r\n"
        return header + "".join(f"{cell}N{number}\r\n" for number, cell in enumerate(cells))

    assert run_import(member, sheet(gone))["rejected_total"] == 6
    assert run_import(member, sheet(mark("near")))["created"] == 6
    page = f"First Name,Last Name,Website\r\nOther,One,https://acme.example/?to={gone}@people.example\r\n"
    assert run_import(member, page)["created"] == 1
    assert gone not in json.dumps(every(member, "contacts"))
