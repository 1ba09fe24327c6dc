"""A person says what is wrong: the form is filled with what its letter says is right, and nothing is done before it is sent."""

from collections.abc import Callable

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.persons import Person, SentTo

LETTERS = {
    "en": (
        "Please correct my data: my surname is now Costigan, and my job title is Head of Sales.",
        "Costigan",
        "Head of Sales",
    ),
    "de": (
        "Bitte berichtigen Sie meine Daten: Mein Nachname lautet jetzt Ahlgrimm. Meine Funktion ist Leiter Einkauf.",
        "Ahlgrimm",
        "Leiter Einkauf",
    ),
}


@pytest.fixture
def person(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> Person:
    return Person(cloud, drop_mail, sent_to)


@pytest.mark.parametrize("language", LETTERS)
def test_the_form_is_filled_with_what_the_letter_says(
    cloud: Cloud, person: Person, member: Member, language: str
) -> None:
    letter, surname, title = LETTERS[language]
    made = member.api.post("/v1/contacts", {"first_name": "Ann", "last_name": "Old", "emails": [person.address]})
    assert made.status_code == 201
    path = person.writes(letter)
    assert person.presses(path).status_code == 200
    form = path.replace("/confirm/", "/amend/")
    shown = person.api.get(form).text
    assert f'value="{surname}"' in shown, shown
    assert f'value="{title}"' in shown
    assert member.api.get("/v1/privacy/tasks").json()["items"] == [], "the letter alone changes nothing"
    assert person.presses(form, last_name=surname).status_code == 200
    (task,) = member.api.get("/v1/privacy/tasks").json()["items"]
    assert [(each["field"], each["old"], each["new"]) for each in task["changes"]] == [("last_name", ["Old"], surname)]
