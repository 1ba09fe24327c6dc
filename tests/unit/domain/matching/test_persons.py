"""Whether two records mean one person: hard cases, each of which a wrong rule gets wrong."""

import pytest

from chalicelib.domain.matching import names, persons
from chalicelib.domain.matching.model import PersonFields as Fields
from chalicelib.domain.matching.model import Zone
from chalicelib.domain.matching.similarity import Level


def at_home(first: str, last: str) -> Fields:
    return Fields(first, last, street="8 Stanley Street", city="Winston Hills", postcode="4223")


@pytest.mark.parametrize(
    ("one", "other", "zone"),
    [
        (
            Fields("Jürgen", "Müller", ("j.mueller@acme.de",)),
            Fields("", "Mueller, Juergen", ("j.mueller@acme.de",)),
            Zone.MATCH,
        ),
        (at_home("Michaela", "Neumann"), at_home("Michaela", "Neuman"), Zone.MATCH),
        (at_home("Neumann", "Michaela"), at_home("Michaela", "Neumann"), Zone.MATCH),
        # A contradiction is never merged, whatever else agrees.
        (Fields("Jon Karl", "Meyer", ("jon@acme.de",)), Fields("Jon Paul", "Meyer", ("jon@acme.de",)), Zone.NONE),
        (Fields("Anna", "Berg", ("berg@web.de",)), Fields("Otto", "Berg", ("berg@web.de",)), Zone.NONE),
        (at_home("Peter", "Neumann"), at_home("Michaela", "Neumann"), Zone.REVIEW),
        (Fields("John", "Smith Jr", ("s@x.com",)), Fields("John", "Smith Sr.", ("s@x.com",)), Zone.NONE),
        # Names alone identify nobody: a rare one may be asked about.
        (Fields("John", "Smith"), Fields("John", "Smith"), Zone.NONE),
        (Fields("Ottokar", "Wzgranowski"), Fields("Ottokar", "Wzgranowski"), Zone.REVIEW),
        # One landline of two colleagues, one mailbox of a function.
        (
            Fields("Anna", "Berg", phones=("+49 30 1234567",)),
            Fields("Otto", "Kern", phones=("030/1234567",)),
            Zone.NONE,
        ),
        (Fields("John", "Smith", ("info@acme.de",)), Fields("John", "Smith", ("info@acme.de",)), Zone.REVIEW),
        (Fields(emails=("info@acme.de",)), Fields(emails=("info@acme.de",)), Zone.NONE),
    ],
)
def test_the_zone(one: Fields, other: Fields, zone: Zone) -> None:
    found = persons.compare(one, other)
    assert found.zone is zone, found
    assert persons.compare(other, one).weight == found.weight


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Fields("Bob", "Smith", company="Acme Inc."), Fields("Robert", "Smyth", company="ACME")),
        (Fields("Владимир", "Орлов"), Fields("Vladimir", "Orlov")),
        (at_home("Michaela", "Neumann"), at_home("Neumann", "Mihaela")),
        (Fields("Anna", "O’Neil", ("a.oneil@web.de",)), Fields("A.", "ONeil", ("a.oneil@web.de",))),
        (Fields("Anna Maria", "Berg"), Fields("Berg", "Anna Maria")),
    ],
)
def test_one_person_is_found(one: Fields, other: Fields) -> None:
    assert persons.blocking_keys(one) & persons.blocking_keys(other)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("jon karl", "jon paul", Level.DIFFERENT),
        ("jon karl", "jon", Level.PART),
        ("ja yde", "jayde", Level.EXACT),
        ("bill", "william", Level.VARIANT),
        ("mueller", "muller", Level.VARIANT),
        ("j", "jon", Level.INITIAL),
        ("scholz", "scholze", Level.CLOSE),
        ("", "jon", Level.ABSENT),
    ],
)
def test_a_part_of_a_name(one: str, other: str, level: Level) -> None:
    assert names.part(one, other) is level
    assert names.part(other, one) is level


def test_titles_and_particles_are_no_part_of_a_name() -> None:
    assert names.parse("Dr. Jan", "van der Berg Jr.") == names.Name("jan", "berg", "jr")
    assert names.parse("Van", "Nguyen") == names.Name("van", "nguyen")
