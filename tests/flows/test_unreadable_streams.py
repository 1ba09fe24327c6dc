"""What a provider does not show of an account is said, and nothing that was known goes by its absence."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.crm_accounts import HubSpot
from tests.support.provider_accounts import Google
from tests.support.provider_connection import Followed
from tests.support.unreadable import DAY, again, hide, streams


@pytest.fixture
def crm(org: Followed) -> Followed:
    """An org with three people, one of whom wants no mail, as it was read."""
    for number in range(3):
        org.source.put(number)
    source: Any = org.source
    source.simulator.crm.change("Contact", source.ids[0], HasOptedOutOfEmail=True)
    org.settle()
    return org


@pytest.mark.parametrize(
    ("stream", "field", "code", "means"),
    [
        ("contacts", "HasOptedOutOfEmail", "opt_out_unknown", "wants no mail is not known"),
        ("contacts", "Title", "title_unknown", "titles"),
        ("contacts", "AccountId", "company_unknown", "company"),
        ("contacts", "MasterRecordId", "merges_unknown", "merged"),
        ("companies", "Website", "domain_unknown", "websites"),
    ],
)
def test_a_hidden_field_that_is_optional_is_said_and_what_was_known_stays(
    crm: Followed, stream: str, field: str, code: str, means: str
) -> None:
    before, shown = crm.items(), crm.shown()
    hide(crm, f"{'Contact' if stream == 'contacts' else 'Account'}.{field}")
    again(crm, 8 * DAY)  # a full pass
    told = streams(crm)
    assert [each["state"] for each in told.values()] == ["ok", "ok"]
    (hidden,) = told[stream]["hidden_fields"]
    assert (hidden["field"], hidden["code"]) == (field, code)
    assert means in hidden["meaning"]
    assert crm.seen()["state"] == "active"
    known = ("opted_out", "company_id", "title", "company_name")
    assert [[each[name] for name in known] for each in crm.items()] == [[e[name] for name in known] for e in before]
    assert crm.shown() == shown
    hide(crm)
    assert [each["hidden_fields"] for each in streams(crm).values()] == [[], []]


def test_opt_outs_that_are_hidden_are_said_where_somebody_asks_whom_to_write_to(crm: Followed) -> None:
    def said(contact: str) -> tuple[bool, str | None]:
        answer = crm.api.get(f"/v1/contacts/{contact}/contactability")
        (gate,) = [each for each in answer.json()["gates"] if each["gate"] == "opt_out"]
        return gate["passed"], gate["reason"]

    own = crm.api.post("/v1/contacts", {"first_name": "Own", "emails": ["own@other.example"]}).json()["id"]
    known = {each["opted_out"]: each["id"] for each in crm.items() if each["id"] != own}
    assert [said(each) for each in (known[False], known[True])] == [(True, None), (False, None)]
    hide(crm, "Contact.HasOptedOutOfEmail")
    again(crm, 8 * DAY)
    assert said(known[False]) == (True, "opt_out_unknown")
    assert said(known[True]) == (False, None), "what was known stands"
    assert said(own) == (True, None), "of whom no such connection knows"
    hide(crm)
    again(crm)
    assert said(known[False]) == (True, None)


def test_what_changed_while_a_field_was_hidden_is_read_once_it_is_shown(crm: Followed) -> None:
    hide(crm, "Contact.Title", "Contact.AccountId")
    crm.source.put(0, title="Boss")
    again(crm)
    assert {each[3] for each in crm.shown()} == {"Buyer"}
    hide(crm)
    assert crm.shown() == crm.source.people()
    assert sorted(each[3] for each in crm.shown()) == ["Boss", "Buyer", "Buyer"]


def test_a_title_that_was_emptied_while_it_was_hidden_goes_once_it_is_shown(crm: Followed) -> None:
    hide(crm, "Contact.Title")
    crm.source.put(0, title="")
    again(crm)
    hide(crm)
    assert sorted(each[3] for each in crm.shown()) == ["", "Buyer", "Buyer"]


@pytest.mark.parametrize("field", ["Email", "LastName", "SystemModstamp"])
def test_a_hidden_field_that_is_required_makes_its_stream_unreadable_and_nothing_else(
    crm: Followed, field: str
) -> None:
    shown = crm.shown()
    crm.source.drop(1)
    hide(crm, f"Contact.{field}", "Contact.Title")
    seen, told = crm.seen(), streams(crm)
    assert (seen["state"], seen["health"]["incomplete"]) == ("active", "fields_hidden")
    assert (told["companies"]["state"], told["companies"]["hidden_fields"]) == ("ok", [])
    contacts = told["contacts"]
    assert (contacts["state"], contacts["reason"]) == ("unreadable", "fields_hidden")
    assert "administrator" in contacts["meaning"]
    said = {each["field"]: each["code"] for each in contacts["hidden_fields"]}
    assert said[field] == "not_read"
    assert said.get("Title", "title_unknown") == "title_unknown"
    assert crm.shown() == shown, "what is gone there cannot be told from what is hidden"
    hide(crm)
    assert crm.shown() == crm.source.people()
    assert streams(crm)["contacts"]["state"] == "ok"


def test_an_object_that_is_hidden_is_a_stream_that_cannot_be_read(crm: Followed) -> None:
    shown = crm.shown()
    hide(crm, "Contact")
    contacts = streams(crm)["contacts"]
    assert (contacts["state"], contacts["reason"], contacts["hidden_fields"]) == ("unreadable", "no_access", [])
    assert crm.shown() == shown


def test_an_org_without_person_accounts_hides_nothing(crm: Followed) -> None:
    hide(crm, "Account.IsPersonAccount")
    assert [each["hidden_fields"] for each in streams(crm).values()] == [[], []]


def test_an_org_that_shows_nothing_stops_and_says_which_streams(crm: Followed) -> None:
    hide(crm, "Contact", "Account.Name")
    told = streams(crm)
    assert [each["reason"] for each in told.values()] == ["fields_hidden", "no_access"]
    assert [each["field"] for each in told["companies"]["hidden_fields"]] == ["Name"]
    assert len(crm.shown()) == 3


@pytest.fixture
def followed(cloud: Cloud, new_workspace: Callable[..., Member]) -> Iterator[Callable[..., Followed]]:
    made: list[Followed] = []

    def make(source: Any, **asked: Any) -> Followed:
        member = new_workspace()
        made.append(Followed(cloud, member, source, source.connect(member, **asked)))
        return made[-1]

    yield make
    for each in made:
        each.forget()
        each.source.close()


def test_an_unticked_scope_is_a_stream_that_cannot_be_read(cloud: Cloud, followed: Callable[..., Followed]) -> None:
    google = followed(Google(cloud), tier="headers", refused="contacts.readonly")
    google.run()
    told = streams(google)
    assert (told["contacts"]["state"], told["contacts"]["reason"]) == ("unreadable", "scope_missing")
    assert "consent" in told["contacts"]["meaning"]
    assert (told["mail"]["state"], told["mail"]["reason"]) == ("ok", None)


def test_a_consent_without_any_scope_that_is_read_is_said_at_once(
    cloud: Cloud, followed: Callable[..., Followed], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    google = followed(Google(cloud), refused="contacts.readonly")
    google.run()
    assert (google.seen()["state"], google.seen()["reason"]) == ("failed", "scope_missing")
    (mail,) = sent_to(google.member.email)
    assert render.meaning("scope_missing", "en") in mail["text"]
    google.source.connect(google.member)
    google.settle()
    assert (google.seen()["state"], google.seen()["reason"]) == ("active", None)


def test_a_crm_that_misses_a_scope_for_one_object_is_read_without(
    cloud: Cloud, followed: Callable[..., Followed]
) -> None:
    hub = followed(HubSpot(cloud))
    hub.source.put(0)
    hub.settle()
    hub.source.simulator.fault("status", status=403, on="/crm/objects/2026-03/companies")
    again(hub)
    told = streams(hub)
    assert (told["companies"]["state"], told["companies"]["reason"]) == ("unreadable", "scope_missing")
    assert told["contacts"]["state"] == "ok"
    assert len(hub.shown()) == 1
