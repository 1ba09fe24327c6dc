"""What holds of settings after a restore: of notes and tables the more private, whichever setting it is."""

from datetime import UTC, datetime

import pytest

from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.accounts import choices
from chalicelib.domain.accounts.model import MemberSettings, TenantPayload, WorkspaceSettings
from chalicelib.domain.certificates.replay_log import Charter
from chalicelib.texts import render

TENANT, MEMBER = TenantId("ten_x"), MemberId("mem_x")
A, B, C = MemberId("mem_a"), MemberId("mem_b"), MemberId("mem_c")
# An open and a private value of each setting; a new one belongs here.
SETTINGS = {name: (True, False) for name, field in MemberSettings.model_fields.items() if field.annotation is bool}
SETTINGS |= {"retention_days": (None, 30)}  # type: ignore[dict-item]  # the one that is no switch


def test_every_setting_but_the_language_is_looked_after() -> None:
    assert {*SETTINGS, "language"} == {*MemberSettings.model_fields}


@pytest.mark.parametrize("name", SETTINGS)
def test_of_notes_and_tables_the_more_private_holds(name: str) -> None:
    is_open, private = (MemberSettings(**{name: value}) for value in SETTINGS[name])
    noted_open, noted_private = (choices.choice(TENANT, MEMBER, each) for each in (is_open, private))
    assert choices.private_settings(is_open, [noted_private]) == private
    assert choices.private_settings(is_open, [noted_open, noted_private]) == private
    assert choices.private_settings(private, [noted_open]) == private
    assert choices.private_settings(is_open, [noted_open]) == is_open
    assert choices.opens(noted_open, noted_private)
    assert not choices.opens(noted_private, noted_open)


@pytest.mark.parametrize(
    ("owners", "noted", "present", "left"),
    [
        ([A, B], [[A]], {A, B}, [A]),
        ([A], [[A, B]], {A, B}, [A]),  # a promotion that is lost stays lost
        ([A], [[B]], {A, B}, [B]),
        ([A], [[B]], {A}, [A]),  # nobody else is there
        ([A, B], [[A, B], [B]], {A, B}, [B]),
        ([A], [[B], [B, C]], {A, B, C}, [B]),  # C was never made one for certain
        ([A, B], [[A], [B]], {A, B}, [A, B]),  # nobody knows
    ],
)
def test_a_workspace_keeps_an_owner(
    owners: list[MemberId], noted: list[list[MemberId]], present: set[MemberId], left: list[MemberId]
) -> None:
    at, days = datetime(2026, 11, 1, tzinfo=UTC), WorkspaceSettings(audit_days=60)
    payload = TenantPayload(name="N", owners=owners, created_at=at, updated_at=at)
    charters = [Charter(tenant=TENANT, owners=each, days=days.model_dump()) for each in noted]
    restored = choices.private_payload(payload, charters, present)
    assert (restored.owners, restored.settings) == (left, days)


def test_a_workspace_whose_last_note_was_just_forgotten_stays_as_it_is() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    payload = TenantPayload(name="N", owners=[A], created_at=at, updated_at=at)
    assert choices.private_payload(payload, [], {A, B}) == payload


@pytest.mark.parametrize("template", ["settings_restored", "workspace_restored"])
def test_a_mail_of_a_replay_does_not_say_that_the_app_answers_already(template: str) -> None:
    assert "As soon as the app answers again, please open it" in render.mail(template, "en").text
    assert "Dès que l'application répondra de nouveau, merci de l'ouvrir" in render.mail(template, "fr").text


def test_each_switch_is_private_as_long_as_its_member_says_nothing() -> None:
    """One that is not is less private when it is off: see MemberSettings."""
    assert [name for name, value in MemberSettings() if value is True] == []
