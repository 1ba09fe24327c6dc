"""Whoever asks for what only our officer can answer follows it on a page, by a link that begins nothing."""

import re
import uuid
from collections.abc import Callable

import pytest

from chalicelib.api.forms import button_value
from chalicelib.domain.privacy.model import PersonPayload
from chalicelib.domain.privacy.records import PersonRecord
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import rows
from chalicelib.vault.tags import Identifier
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.officer import officer
from tests.support.persons import SentTo
from tests.support.privacy_mail import mail

LETTERS = (
    ("en", "I am confused about privacy and my rights under the GDPR.\r\n", "With our privacy officer"),
    ("de", "Bitte löschen Sie alle Daten meiner Mutter.\r\n", "Bei der für den Datenschutz zuständigen Person"),
    ("es", "Por favor, borren todos los datos de mi padre.\r\n", "En manos de la persona responsable"),
    ("pl", "Proszę usunąć wszystkie dane mojego ojca.\r\n", "U osoby odpowiedzialnej"),
)


@pytest.fixture
def follows(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> Callable[[str], str]:
    """Lets somebody write; the path of the link in our answer."""

    def write(body: str) -> str:
        address = f"kim.{uuid.uuid4().hex[:10]}@people.example"
        drop_mail(mail(address, body))
        cloud.drain()
        (sent,) = sent_to(address)
        (link,) = re.findall(r"^https?://\S+(/privacy/requests/\S+)$", sent["text"], re.MULTILINE)
        assert f'href="{cloud.url}{link}"' in sent["html"]
        return str(link)

    return write


@pytest.mark.parametrize(("language", "letter", "words"), LETTERS, ids=[each[0] for each in LETTERS])
def test_who_waits_for_our_officer_sees_how_far_it_is(
    cloud: Cloud, api: Api, follows: Callable[[str], str], language: str, letter: str, words: str
) -> None:
    link = follows(letter)
    for _ in range(2):
        page = api.get(link)
        assert (page.status_code, f'lang="{language}"' in page.text) == (200, True)
        assert words in page.text
    ident = link.rpartition("/")[2].partition(".")[0]
    assert officer(cloud).post(f"/officer/requests/{ident}/open", {"reason": "read"}).status_code == 200
    answered = officer(cloud).post(f"/officer/requests/{ident}/answer", {"text": "We hold nothing of that kind."})
    assert answered.status_code == 200, answered.text
    cloud.drain()
    page = api.get(link)
    assert (page.status_code, words in page.text) == (200, False)


def test_that_link_proves_no_address_and_begins_nothing(api: Api, follows: Callable[[str], str]) -> None:
    link = follows("Please delete all the data of my wife, Kim.\r\n")
    token = link.rpartition("/")[2]
    ident = token.partition(".")[0]
    assert api.get(f"/privacy/confirm/{token}").status_code == 410
    for pressed in (button_value(token), button_value(token, "erase"), ""):
        sent = api.post(f"/privacy/confirm/{token}", data={"confirm": pressed, "other_email": ""})
        assert sent.status_code == 410
    found = rows.get(PersonRecord, f"request#{ident}", "person")
    assert found is not None
    (address,) = found.unsealed(PersonPayload).addresses
    assert not address.verified
    assert not tombstones.blocked_everywhere(tombstones.tags_of([Mark(Identifier.EMAIL, address.exact)], None))
