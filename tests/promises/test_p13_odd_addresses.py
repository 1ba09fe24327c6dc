"""P13: an erasure finds who stands in an address that was taken as it is, whatever signs are around; and nobody else's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.promises.test_p13_texts import stored
from tests.support.own_exports import every
from tests.support.scripted_connection import connected, forget, person

THEIRS = [
    "email={}@{}",
    "//{}@{}",
    "|{}@{}",
    "-{}@{}",
    "ann/{}@{}",
    "{}&ann@{}",
    "{{{}@{}",
    "x=_{}+a@{}",
    "почта{}@{}",
    "'{}’@{}",
]
SLIPS = ["_{}@{}", "{}-@{}", "{}_@{}"]  # or somebody else's mailboxes: what stands stays, and none is stored anew
OTHERS = [*SLIPS, "x{}@{}", "ann-{}@{}", "ann.{}@{}", "{}x/ann@{}"]


def test_an_erasure_takes_who_stands_in_an_odd_address(
    cloud: Cloud,
    member: Member,
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
    erased: Callable[..., str],
    tmp_path: Path,
) -> None:
    name, domain = mark("odd"), "people.example"
    odd = [each.format(name, domain) for each in THEIRS]
    for number, address in enumerate(odd):
        fields = {"last_name": f"Theirs{number}", "emails": [address], "phones": [f"+49 30 12345{number:02}"]}
        assert member.api.post("/v1/contacts", fields).status_code == 201, address
    rows = (f'A,Theirsfile{number},"{address}"\r\n' for number, address in enumerate(odd))
    assert run_import(member, "First Name,Last Name,Email\r\n" + "".join(rows))["rejected_total"] == 0
    synced = connected(cloud, member, tmp_path, 200)
    try:
        synced.account.put(*[person(number, emails=(address,)) for number, address in enumerate(odd)])
        synced.run()
        assert len([each for each in synced.contacts() if each.startswith("Person")]) == len(odd)
    finally:
        forget(synced)
    for number, each in enumerate(OTHERS):
        fields = {"last_name": f"Other{number}", "emails": [each.format(name[::-1], domain)]}
        fields["notes"] = f"Write to Leonie, {name[::-1]}2@{domain}"
        assert member.api.post("/v1/contacts", fields).status_code == 201, each
    erased(f"{name}@{domain}")
    erased(f"{name[::-1]}@{domain}")
    left = every(member, "contacts")
    assert [item["emails"] for item in left if item["last_name"].startswith(("Theirs", "Person"))] == []
    assert {item["last_name"] for item in left} == {f"Other{n}" for n in range(len(OTHERS))}
    assert stored(cloud, name) == []
    for each in SLIPS:
        answer = member.api.post("/v1/contacts", {"emails": [each.format(name[::-1], domain)]})
        assert (answer.status_code, answer.json()["code"]) == (409, "address_not_storable"), each
