"""P13: an erased person's name goes from the notes that name its address, in every script; a namesake's text stays."""

from collections.abc import Callable

import pytest

from tests.conftest import Member


@pytest.mark.parametrize(
    ("first", "last", "note", "left"),
    [
        ("太郎", "山田", "山田太郎は{}、山田花子さんも", "[…]は[…]、山田花子さんも"),
        ("철수", "김", "김철수 부장님과 {}, 박철수 씨", "[…] 부장님과 […], 박철수 씨"),
        ("小明", "王", "王小明喜欢{}，王小华也", "[…]喜欢[…]，王小华也"),
        ("สมชาย", "ใจดี", "คุณสมชาย ใจดี {} คุณสมชาย รักไทย", "คุณ[…] […] คุณสมชาย รักไทย"),
        ("Anna", "Kowalska", "od Anny Kowalskiej {} i Jan Kowalski", "od […] […] i Jan Kowalski"),
    ],
    ids=["ja", "ko", "zh", "th", "pl"],
)
def test_a_name_goes_from_the_notes_in_every_script(
    member: Member, mark: Callable[[str], str], erased: Callable[..., str], first: str, last: str, note: str, left: str
) -> None:
    address = f"{mark('gone')}@people.example"
    post = member.api.post
    assert post("/v1/contacts", {"first_name": first, "last_name": last, "emails": [address]}).status_code == 201
    named = post("/v1/contacts", {"first_name": "Ben", "notes": note.format(address)}).json()["id"]
    other = post("/v1/companies", {"name": "Acme", "notes": note.format("x@else.example")}).json()["id"]
    erased(address)
    assert member.api.get(f"/v1/contacts/{named}").json()["notes"] == left
    assert member.api.get(f"/v1/companies/{other}").json()["notes"] == note.format("x@else.example")
