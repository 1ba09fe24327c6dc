"""The member is told once what the account does not show, and again only after it was shown in between."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core.stream_codes import Absent, StreamReason
from chalicelib.texts import catalogues
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import Google
from tests.support.provider_connection import Followed
from tests.support.unreadable import again, hide

Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def crm(org: Followed) -> Followed:
    """An org with one person, as it was read."""
    org.source.put(0)
    org.settle()
    return org


def test_a_hidden_field_is_told_once_and_again_after_it_was_shown(crm: Followed, sent_to: Sent) -> None:
    before = len(sent_to(crm.member.email))
    hide(crm, "Contact.HasOptedOutOfEmail", "Account.Website")
    again(crm)
    (mail,) = sent_to(crm.member.email)[before:]
    assert mail["subject"] == "Salesforce does not show us all of your account"
    lines = mail["text"].splitlines()
    assert f"Contacts, HasOptedOutOfEmail: {Absent.OPT_OUT_UNKNOWN.meaning}" in lines
    assert f"Companies, Website: {Absent.DOMAIN_UNKNOWN.meaning}" in lines
    hide(crm, "Contact.HasOptedOutOfEmail", "Account.Website", "Contact.Title")
    assert [line for line in sent_to(crm.member.email)[-1]["text"].splitlines() if "Contacts," in line] == [
        f"Contacts, Title: {Absent.TITLE_UNKNOWN.meaning}"
    ], "only what is news"
    hide(crm)
    assert len(sent_to(crm.member.email)) == before + 2
    hide(crm, "Contact.Title")
    assert len(sent_to(crm.member.email)) == before + 3


def test_a_stream_that_cannot_be_read_is_told_in_the_members_language(crm: Followed, sent_to: Sent) -> None:
    assert crm.api.patch("/v1/me/settings", {"language": "fr"}).status_code == 200
    before = len(sent_to(crm.member.email))
    hide(crm, "Contact.Email")
    again(crm)
    (mail,) = sent_to(crm.member.email)[before:]
    meaning = catalogues.catalogue(catalogues.MEMBERS, "fr")["unreadable"]["fields_hidden"]
    assert f"Contacts : illisible. {meaning}" in mail["text"]
    assert f"Contacts, Email : {catalogues.catalogue(catalogues.MEMBERS, 'fr')['absent']['not_read']}" in mail["text"]


def test_a_refusal_without_a_reason_is_told_when_it_has_lasted_an_hour(
    cloud: Cloud, member: Member, sent_to: Sent
) -> None:
    source = Google(cloud)
    google = Followed(cloud, member, source, source.connect(member, tier="headers"))
    google.settle()
    before = len(sent_to(member.email))
    source.simulator.fault("status", status=403, on="/v1/people")
    again(google)
    assert (google.seen()["state"], google.seen()["health"]["incomplete"]) == ("active", "forbidden")
    assert len(sent_to(member.email)) == before
    again(google, 3_700)
    again(google)
    assert len(sent_to(member.email)) == before + 1
    google.forget()
    source.close()


def test_a_mail_says_what_the_api_says() -> None:
    texts = catalogues.catalogue(catalogues.MEMBERS, "en")
    assert texts["unreadable"] == {str(each): each.meaning for each in StreamReason}
    assert texts["absent"] == {str(each): each.meaning for each in Absent}
