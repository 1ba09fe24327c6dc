"""Files of vCards as many programs would write them: none breaks the reader, none loses a card, and each gives its person."""

import contextlib
import io
import random
import zipfile
from collections.abc import Iterator

import pytest

from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.rows import ReadRow, Rejected
from tests.unit.domain.imports import card_writers, files

CARDS = 433


def _name(person: card_writers.Person) -> str:
    return f"{person.first} {person.last}"


def _written(seed: int) -> tuple[list[card_writers.Person], list[bytes]]:
    """People, and a card of each by a program of its own."""
    rng = random.Random(seed)  # noqa: S311 - repeatable files, no secret
    people = [card_writers.someone(rng, number) for number in range(CARDS)]
    return people, [card_writers.card(rng, person, card_writers.habits(rng)) for person in people]


def _wrong(people: list[card_writers.Person], found: list[ReadRow | Rejected]) -> Iterator[tuple[int, object]]:
    for number, (person, row) in enumerate(zip(people, found, strict=True)):
        if not isinstance(row, ReadRow):
            yield number, row
        elif (
            f"{row.first_name} {row.last_name}" != _name(person)
            or row.emails != (person.email,)
            or len(row.phones) != 1
        ):
            yield number, (person, row)


@pytest.mark.parametrize("seed", range(6))
def test_every_card_gives_its_person(seed: int) -> None:
    people, cards = _written(seed)
    found = files.rows(b"".join(cards), "text/vcard")
    wrong = list(_wrong(people, found))
    assert not wrong, (wrong[0], cards[wrong[0][0]])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_card_gives_its_person_in_other_encodings(encoding: str) -> None:
    people, cards = _written(99)
    text = [card.decode("utf-8", "replace") for card in cards]
    whole = [at for at, card in enumerate(text) if "\ufffd" not in card]  # not folded within a character
    body = "".join(text[at] for at in whole).encode(encoding)
    assert not list(_wrong([people[at] for at in whole], files.rows(body, "text/vcard")))


def test_a_card_without_its_end_is_read_and_takes_no_other_with_it() -> None:
    rng = random.Random(7)  # noqa: S311 - a repeatable file
    people, cards = _written(7)
    cut = sorted(rng.sample(range(CARDS - 1), 60))
    for at in cut:
        body = cards[at].rstrip()
        cards[at] = body[: max(body.rfind(b"\n"), body.rfind(b"\r"))] + b"\n"
    found = files.rows(b"".join(cards), "text/vcard")
    assert len(found) == CARDS
    assert not list(_wrong(people, found))


@pytest.mark.parametrize("seed", range(3))
def test_a_card_to_a_file_in_an_archive(seed: int) -> None:
    people, cards = _written(seed)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, card in enumerate(cards):
            marked = (card, b"\xef\xbb\xbf" + card, card.decode("utf-8", "replace").encode("utf-16"))
            archive.writestr(f"contacts/{number}.vcf", marked[number % 3])
    found = files.accepted_rows(packed.getvalue(), "application/zip")
    assert sorted(row.emails[0] for row in found) == sorted(person.email for person in people)


@pytest.mark.parametrize("seed", range(40))
def test_damage_breaks_no_reader_and_makes_no_cards(seed: int) -> None:
    """Octets lost, doubled and changed anywhere: every row is a row or a code, and there are no more than begins."""
    rng = random.Random(seed)  # noqa: S311 - repeatable damage
    _, cards = _written(seed % 3)
    body = bytearray(b"".join(cards[:40]))
    for _ in range(rng.randrange(1, 60)):
        at = rng.randrange(30, len(body))
        body[at : at + rng.randrange(3)] = rng.choice(
            (b"", b"\0", b"\xff", b"\n", b"=", b";", b":", bytes([rng.randrange(256)]))
        )
    found: list[ReadRow | Rejected] = []
    with contextlib.suppress(FileRefused):  # its characters cannot be read any more
        found = files.rows(bytes(body), "text/vcard")
    assert len(found) <= bytes(body).upper().count(b"BEGIN:VCARD")
