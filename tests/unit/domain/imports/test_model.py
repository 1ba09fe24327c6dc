"""How rows of a file become groups and parts."""

import random
import time
import tracemalloc
from collections.abc import Iterable, Iterator

import pytest

from chalicelib.domain.imports.file_parts import parts_of
from chalicelib.domain.imports.model import ROWS_A_PART, Part
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.row import ReadRow, Rejected
from chalicelib.domain.imports.row_groups import grouped, keys_of, name_of, natural_key
from chalicelib.domain.ingest.identity import agree


def numbers(groups: list[list[ReadRow]]) -> list[list[int]]:
    return [[row.number for row in group] for group in groups]


def test_rows_that_share_an_address_or_url_are_one_group_also_through_a_third() -> None:
    rows = [
        ReadRow(1, "Ana", emails=("Ana@one.example",)),
        ReadRow(2, "Bo", emails=("bo@one.example",)),
        ReadRow(3, "A.", emails=("a@two.example",), profile_urls=("https://linkedin.com/in/ana",)),
        ReadRow(4, "Bo", "B", emails=("BO@one.example",)),
        ReadRow(5, emails=("ana@one.example",), profile_urls=("https://linkedin.com/in/ana",)),
    ]
    assert numbers(grouped(rows)) == [[1, 3, 5], [2, 4]]


def test_rows_without_address_and_url_are_one_only_where_they_are_the_same() -> None:
    rows = [
        ReadRow(1, "Jo", "Doe", phones=("+4930123456",)),
        ReadRow(2, "Jo", "Roe", phones=("+4930123456",)),
        ReadRow(3, "Jo", "Doe", phones=("+4930123456",)),
    ]
    assert numbers(grouped(rows)) == [[1, 3], [2]]


def test_the_key_of_a_group_prefers_an_address_then_a_url() -> None:
    url = ReadRow(1, "Ana", profile_urls=("https://linkedin.com/in/ana",))
    mail = ReadRow(2, "Ana", emails=("Ana@one.example",), profile_urls=("https://linkedin.com/in/ana",))
    assert natural_key([url, mail]) == "email:ana@one.example\0ana"
    assert natural_key([url]) == "url:https://linkedin.com/in/ana\0ana"
    assert natural_key([ReadRow(1, "Ana")]) == natural_key([ReadRow(7, "Ana")])
    shop = "https://shop.example/team"  # nobody's profile
    assert natural_key([ReadRow(1, "Ana", profile_urls=(shop,))]) == ReadRow(2, "Ana", profile_urls=(shop,)).digest()


def test_who_shares_a_mailbox_or_a_page_and_has_another_name_is_another_group() -> None:
    rows = [
        ReadRow(1, "Ann", "Smith", emails=("smiths@home.example",)),
        ReadRow(2, "Bob", "Smith", emails=("smiths@home.example",)),
        ReadRow(3, "", "", emails=("smiths@home.example", "bob@smith.example")),
        ReadRow(4, "B.", "Smith", emails=("bob@smith.example",)),
        ReadRow(5, "Smith", "Bob", emails=("smiths@home.example",)),
        ReadRow(6, "Ann", "Smith", profile_urls=("https://shop.example/team",)),
        ReadRow(7, "Ann", "Smith", title="CEO", profile_urls=("https://shop.example/team",)),
    ]
    groups = grouped(rows)
    assert sorted(row for group in numbers(groups) for row in group) == [1, 2, 3, 4, 5, 6, 7]
    assert [1] in numbers(groups) or [1, 3] in numbers(groups)  # the nameless one may be either
    assert [2, 5] in numbers(groups) or [2, 3, 4, 5] in numbers(groups)
    assert numbers(groups)[-2:] == [[6], [7]]
    assert numbers(groups) == numbers(grouped(rows)), "the same file gives the same groups"
    assert len({natural_key(group) for group in groups}) == len(groups)


@pytest.mark.parametrize(
    "couple",
    [
        [("Tom", "Ford"), ("Ann", "Ford")],
        [("José", "García López"), ("María", "García López")],
        [("太郎", "山田"), ("花子", "山田")],
        [("Иван", "Петров"), ("Анна", "Петрова")],
        [("민수", "김"), ("지영", "이")],
        [("Jürgen", "Müller"), ("Jörg", "Müller")],
    ],
)
def test_a_couple_with_one_mailbox_is_two_in_any_language(couple: list[tuple[str, str]]) -> None:
    rows = [ReadRow(n, *name, emails=("familie@home.example",)) for n, name in enumerate((*couple, *couple), 1)]
    assert sorted(map(sorted, numbers(grouped(rows)))) == [[1, 3], [2, 4]]
    assert len({natural_key(group) for group in grouped(rows)}) == 2


@pytest.mark.parametrize("seed", range(6))
def test_names_in_a_group_agree_however_the_rows_stand(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a repeatable table, no secret
    names = ["Ann Smith", "A. Smith", "Bob Smith", "Smith", "", "Bob", "Eve Roe", "E. R."]
    rows = [
        ReadRow(number, rng.choice(names), emails=tuple({f"p{rng.randrange(9)}@one.example" for _ in range(2)}))
        for number in range(60)
    ]
    groups = grouped(rows)
    assert sorted(row for group in numbers(groups) for row in group) == list(range(60))
    for group in groups:
        assert agree({name_of(row) for row in group}, {name_of(row) for row in group}), group


def test_a_mailbox_that_thousands_share_takes_no_time_to_compare() -> None:
    rows = [ReadRow(n, f"Person{n}", "Doe", emails=("desk@one.example",)) for n in range(3000)]
    began = time.process_time()
    assert len(grouped(rows)) == 3000
    assert time.process_time() - began < 5


def test_parts_hold_every_row_once_and_no_divided_group() -> None:
    rows: list[ReadRow | Rejected] = [ReadRow(n, "x", emails=(f"p{n}@one.example",)) for n in range(1, 1201)]
    rows += [Rejected(n, "no_identity") for n in range(1201, 1300)]
    rows += [ReadRow(n, "x", emails=("p1@one.example",)) for n in range(2000, 2700)]
    parts = list(parts_of(rows))
    assert sum(part.size for part in parts) == 1200 + 700 + 99
    assert len(parts[0].groups[0]) == 701
    assert all(part.size <= ROWS_A_PART for part in parts[1:])


def in_memory(rows: list[ReadRow | Rejected]) -> Iterator[Part]:
    """The same parts, made of lists and dictionaries: what parts_of() must give without them."""
    taken = [(row, set(keys_of(row))) for row in rows if isinstance(row, ReadRow)]
    together: list[set[str]] = []
    for _, mine in taken:
        joined = [keys for keys in together if keys & mine]
        together = [keys for keys in together if not keys & mine] + [mine.union(*joined)]
    groups = [[row for row, mine in taken if mine & keys] for keys in together]
    entries: list[tuple[int, list[ReadRow] | str]] = [(group[0].number, group) for group in groups]
    entries += [(row.number, row.code) for row in rows if isinstance(row, Rejected)]
    part = Part([], [])
    for number, entry in sorted(entries, key=lambda entry: entry[0]):
        if isinstance(entry, str):
            part.rejected.append((number, entry))
        else:
            part.groups.append(entry)
        if part.size >= ROWS_A_PART:
            yield part
            part = Part([], [])
    if part.size:
        yield part


@pytest.mark.parametrize("seed", range(6))
def test_parts_are_what_the_whole_file_in_memory_would_give(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a repeatable table, no secret
    rows: list[ReadRow | Rejected] = []
    for number in range(1, 1500):
        emails = tuple(f"p{rng.randrange(2500)}@one.example" for _ in range(rng.choice((0, 1, 1, 2))))
        urls = (f"https://linkedin.com/in/p{rng.randrange(3000)}",) if rng.random() < 0.2 else ()
        name, title = rng.choice(("Zoë", "Z.", "", "Zoe Vogel")), f"Head of {rng.randrange(900)}"
        row = ReadRow(number, name, emails=emails, profile_urls=urls, phones=("+49301234",), title=title)
        rows.append(Rejected(number, "too_long") if rng.random() < 0.1 else row)
    assert list(parts_of(rows)) == list(in_memory(rows))


def test_what_is_wrong_with_a_file_is_said_before_its_first_part() -> None:
    def broken() -> Iterable[ReadRow]:
        yield from (ReadRow(n, "x", emails=(f"p{n}@one.example",)) for n in range(1, 2000))
        raise FileRefused("too_many_rows")

    with pytest.raises(FileRefused, match="too_many_rows"):
        next(parts_of(broken()))
    with pytest.raises(FileRefused, match="empty_file"):
        next(parts_of([]))


def test_rows_that_wait_for_others_wait_on_disk() -> None:
    """Every row has its second half a whole file later, and an employer with a long name."""

    def twice() -> Iterator[ReadRow]:
        for number in range(1, 20_001):
            yield ReadRow(number, "x" * 200, emails=(f"p{number % 10_000}@one.example",), company_name="y" * 300)

    tracemalloc.start()
    count = sum(len(part.groups) for part in parts_of(twice()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 8_000_000  # of 11,000,000 bytes of names alone


def test_a_part_comes_back_from_its_bytes() -> None:
    part = Part([[ReadRow(1, "Zoë", emails=("z@one.example",))]], [(2, "too_long")])
    assert Part.from_bytes(part.to_bytes()) == part
