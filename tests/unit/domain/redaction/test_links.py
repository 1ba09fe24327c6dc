"""What a link tells beside its page: addresses, persons' pages and numbers, however encoded."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from chalicelib.domain.redaction.links import holds_another
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier

JAN = b"jan@x.example"
CODED = b64encode(JAN).decode()
PAYLOAD = urlsafe_b64encode(b'{"email": "jan@x.example",\n "id": 3}').decode().rstrip("=")
PLACES = [
    "https://t.example/{}",
    "https://t.example/u/{}/x",
    "t.example?u={}&v=1",
    "https://t.example/#/{}",
    "t.example/#u_{}",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "spelt",
    [
        "jan@x.example",
        "jan%40x.example",
        "jan%2540x.example",
        "jan&#64;x.example",
        "jan&commat;x.example",
        "jan%26%2364%3Bx.example",
        "jan\\u0040x.example",
        CODED,
        CODED.rstrip("="),
        quote(CODED),
        b64encode(CODED.encode()).decode(),
        JAN.hex(),
        JAN.hex().upper(),
        f"eyJhbGciOiJIUzI1NiJ9.{PAYLOAD}.c2lnbmVk",
        "linkedin.com/in/jan",
        quote("https://www.linkedin.com/in/jan", safe=""),
        b64encode(b"https://de.linkedin.com/in/jan").decode(),
    ],
)
def test_no_address_and_no_page_hides_in_a_link(place: str, spelt: str) -> None:
    assert holds_another(place.format(spelt))


@pytest.mark.parametrize(
    "link",
    [
        "https://wa.me/49301234567",
        "www.wa.me/49301234567?text=hi",
        "https://api.whatsapp.com/send?phone=49301234567",
        "https://t.me/+49301234567",
        "https://signal.me/#p/+49301234567",
        "https://t.example/p?x=%2B49301234567",
        "https://t.example/p?x=+49%2030%20123%2045%2067",
        "https://t.example/p?x=&#43;49301234567",
        "https://t.example/tel:+49301234567",
        "https://t.example/tel/030123456",
        "https://t.example/?phone_number=030-1234567",
        "https://t.example/?Telefon=030%2F1234567",
        "https://t.example/?t%C3%A9l%C3%A9phone=0612345678",
        "https://t.example/#workPhone=0301234567",
        "https://t.example/#msisdn=49301234567",
        f"https://t.example/{b64encode(b'+49301234567').decode()}",
    ],
)
def test_no_number_hides_in_a_link(link: str) -> None:
    assert holds_another(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://t.example/contact/1234567890",
        "https://t.example/order?number=1234567890",
        "https://t.example/?q=a+1234567890",
        "https://t.example/?hotel=1234567",
        "https://t.example/iphone/123456789",
        "https://t.example/?mobile=1",
        "https://t.example/2026-11-30T12:00:00+01:00",
        "https://t.example/@52.5200066,13.404954,12z",
        "https://t.example/@anna.keller",
        "https://t.example/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0",
        "https://t.example/main.aspx?etn=contact&id=%7B6f9619ff-8b86-d011-b42d-00cf4fc964ff%7D",
        "https://t.lightning.example/lightning/r/Contact/0035e00000AbCdEAAV/view",
        "https://www.linkedin.com/in/jan-bo-1a2b3c4d",
        "https://www.facebook.com/profile.php?id=100012345678901",
    ],
)
def test_what_only_looks_like_one_stays_a_link(link: str) -> None:
    assert not holds_another(link)


@pytest.mark.parametrize("place", PLACES)
def test_an_encoded_address_is_found_and_cut_in_a_note(place: str) -> None:
    jan, note = Mark(Identifier.EMAIL, JAN.decode()), f"See {place.format(CODED)} for more"
    assert jan in marks_in(note)
    left = redacted(note, [jan], [])
    assert CODED[:-2] not in left
    assert left.endswith(" for more")
