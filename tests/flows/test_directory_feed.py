"""People from public sources: told once, found by nobody before that and 14 days, gone by one press or in time."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.directory import feed, notices
from chalicelib.domain.directory.feed import Outcome
from chalicelib.domain.directory.model import Values
from chalicelib.domain.directory.repository import amend, of_address
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.directory import DAY, LINK, Person, found, listed
from tests.support.table_backup import Backup
from tests.support.wishes import exercise


@pytest.fixture
def seen(cloud: Cloud, new_workspace: Callable[..., Member]) -> Callable[[Person], list[dict[str, Any]]]:
    """What a member finds of a person, signed in afresh."""
    viewer = new_workspace()

    def look(person: Person) -> list[dict[str, Any]]:
        viewer.api.token = cloud.issuer.token(viewer.email)
        return found(viewer, person.name)

    return look


Seen = Callable[[Person], list[dict[str, Any]]]


def test_nobody_finds_a_profile_before_its_person_was_told_and_14_days_passed(cloud: Cloud, seen: Seen) -> None:
    person = Person(cloud)
    assert feed.take(person.line()) is Outcome.STORED
    cloud.advance(20 * DAY)
    assert seen(person) == [], "the notice has not gone"
    cloud.drain()
    assert [mail["subject"] for mail in person.told()] == [
        "Ihr Eintrag in unserem beruflichen Verzeichnis: Sie entscheiden"
    ]
    assert "register: https://register.example/1" in person.told()[0]["text"]
    cloud.advance(13.9 * DAY)
    assert seen(person) == [], "14 days have not passed"
    cloud.advance(0.2 * DAY)
    shown = seen(person)
    assert [{**each, "id": ""} for each in shown] == [
        {"id": "", "name": f"Ada {person.name}", "title": "CEO", "company": "Nordwerk", "links": [LINK]}
    ]


def test_whom_several_feeds_name_is_told_once_and_shown_as_the_newest_says(cloud: Cloud, seen: Seen) -> None:
    person = Person(cloud, "people.fr")
    assert feed.take(person.line(days=3, title="Old")) is Outcome.STORED
    assert feed.take(person.line(days=2, source="other", title="New")) is Outcome.STORED
    assert feed.take(person.line(days=4, title="Older")) is Outcome.KNOWN
    cloud.drain()
    assert feed.take(person.line(days=1, source="third", title="Newest")) is Outcome.STORED
    cloud.drain()
    assert [mail["subject"][:11] for mail in person.told()] == ["Votre fiche"]
    cloud.advance(15 * DAY)
    assert [each["title"] for each in seen(person)] == ["Newest"]
    assert amend(person.address, Values(title="Right"), ["title"]) == 1
    assert feed.take(person.line(days=0, source="fourth", title="Wrong")) is Outcome.STORED
    assert [each["title"] for each in seen(person)] == ["Right"], "a later feed stands over what its person set right"


def test_a_profile_ends_24_months_after_its_sources_date(cloud: Cloud, seen: Seen) -> None:
    person = Person(cloud)
    assert feed.take(person.line(days=731)) is Outcome.TOO_OLD
    assert feed.take(person.line(days=700)) is Outcome.STORED
    cloud.drain()
    cloud.advance(15 * DAY)
    assert len(seen(person)) == 1
    cloud.advance(16 * DAY)
    assert seen(person) == []
    assert of_address(person.address) == []


def test_whoever_cannot_be_told_within_the_month_is_not_kept(cloud: Cloud) -> None:
    person = Person(cloud)
    assert feed.take(person.line()) is Outcome.STORED
    cloud.advance(28.1 * DAY)
    cloud.drain()
    assert (of_address(person.address), person.told()) == ([], [])


def test_one_press_removes_it_for_good(cloud: Cloud, api: Api, seen: Seen) -> None:
    person = Person(cloud)
    before = len(Backup(cloud).rows["directory"])
    feed.take(person.line())
    cloud.drain()
    page = person.button()
    assert "?lang=de" in page
    assert "Verzeichnis verlassen" in api.get(page).text
    assert "Verzeichnis verlassen" in api.post(page, data={"confirm": "yes"}).text, "a scanner's guess does nothing"
    assert len(of_address(person.address)) == 1
    assert "nicht mehr darin" in api.press(page).text
    assert of_address(person.address) == []
    assert len(Backup(cloud).rows["directory"]) == before
    assert "nicht mehr darin" in api.get(page).text
    assert feed.take(person.line(days=0)) is Outcome.NOT_STORABLE
    assert api.get(page.replace("/privacy/directory/", "/privacy/directory/0")).status_code == 404


def test_who_was_left_out_takes_it_back_and_is_told_before_anybody_finds_it(cloud: Cloud, api: Api) -> None:
    person = Person(cloud)
    feed.take(person.line())
    cloud.drain()
    page = person.button()
    guess = api.post(page, data={"confirm": "back"})
    assert "Verzeichnis verlassen" in guess.text, "nothing to take back yet, and a guess does nothing"
    api.press(page)
    assert feed.take(person.line(days=0)) is Outcome.NOT_STORABLE
    assert "gilt nicht mehr" in api.press(page).text, "the page's button takes it back"
    assert "Verzeichnis verlassen" in api.get(page).text
    assert feed.take(person.line(days=0)) is Outcome.STORED
    cloud.drain()
    assert len(person.told()) == 2, "the person is told anew"


def test_a_notices_link_keeps_out_whose_profile_has_ended_too(cloud: Cloud, api: Api) -> None:
    person = Person(cloud)
    feed.take(person.line(days=700))
    cloud.drain()
    cloud.advance(40 * DAY)
    cloud.drain()
    assert of_address(person.address) == []
    page = person.button()
    assert "Verzeichnis verlassen" in api.get(page).text
    assert "nicht mehr darin" in api.press(page).text
    assert feed.take(person.line(days=0)) is Outcome.NOT_STORABLE


def test_who_was_erased_or_objects_does_not_come_in_and_goes(
    cloud: Cloud, seen: Seen, erased: Callable[..., str]
) -> None:
    gone, objects = Person(cloud), Person(cloud)
    for person in (gone, objects):
        feed.take(person.line())
    cloud.drain()
    cloud.advance(15 * DAY)
    assert [len(seen(person)) for person in (gone, objects)] == [1, 1]
    exercise(cloud, objects.address, "objection")
    erased(gone.address)
    assert [seen(person) for person in (gone, objects)] == [[], []]
    assert of_address(gone.address) == []
    for person in (gone, objects):
        assert feed.take(person.line(days=0)) is Outcome.NOT_STORABLE


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"notify": ""}, Outcome.NO_ADDRESS),
        ({"notify": "n/a"}, Outcome.NO_ADDRESS),
        ({"notify": "info@people.de"}, Outcome.NOT_STORABLE),
        ({"seen_at": "yesterday"}, Outcome.UNREADABLE),
        ({"seen_at": "2999-01-01"}, Outcome.UNREADABLE),
        ({"name": "x@people.de"}, Outcome.UNREADABLE),
        ({"source_url": None}, Outcome.UNREADABLE),
    ],
)
def test_lines_that_are_not_taken(cloud: Cloud, change: dict[str, object], outcome: Outcome) -> None:
    assert feed.take(Person(cloud).line() | change) is outcome


def test_no_address_and_no_number_is_shown(cloud: Cloud) -> None:
    person = Person(cloud)
    assert (
        feed.take(person.line(title=f"write {person.address}", links=["https://people.de/ada", LINK])) is Outcome.STORED
    )
    ((_, payload),) = of_address(person.address)
    values = payload.shown(clock.now())
    assert (values.title, values.links) == ("", [LINK])


COUNTRIES = {"a.de": "de", "a.co.uk": "en", "a.com": "en", "a.gr": "el", "a.el": "en", "a.com.br": "pt", "a.se": "sv"}


@pytest.mark.parametrize(("domain", "language"), COUNTRIES.items())
def test_the_language_of_a_notice_is_that_of_the_addresses_country(domain: str, language: str) -> None:
    assert notices.language_of(domain) == language


def test_who_lists_itself_under_another_name_is_not_found_under_the_public_one(
    cloud: Cloud, seen: Seen, member: Member
) -> None:
    person = Person(cloud)
    feed.take(person.line(notify=member.email))
    cloud.drain()
    cloud.advance(15 * DAY)
    assert len(seen(person)) == 1
    member.api.token = cloud.issuer.token(member.email)
    own = listed(member, f"Ada Own{person.name}")
    assert own["listed"] is True
    assert seen(person) == []
