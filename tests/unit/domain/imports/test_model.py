"""How rows of a file become groups and parts."""

from chalicelib.domain.imports.model import ROWS_A_PART, Part, grouped, natural_key, parts_of
from chalicelib.domain.imports.reading.drafts import ReadRow, Rejected


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
    assert natural_key([url, mail]) == "email:ana@one.example"
    assert natural_key([url]) == "url:https://linkedin.com/in/ana"
    assert natural_key([ReadRow(1, "Ana")]) == natural_key([ReadRow(7, "Ana")])


def test_parts_hold_every_row_once_and_no_divided_group() -> None:
    groups = [[ReadRow(n, "x", emails=(f"p{n}@one.example",))] for n in range(1, 1201)]
    groups[0] += [ReadRow(n, "x", emails=("p1@one.example",)) for n in range(2000, 2700)]
    parts = list(parts_of(groups, [Rejected(n, "no_identity") for n in range(1201, 1300)]))
    assert sum(part.size for part in parts) == 1200 + 700 + 99
    assert len(parts[0].groups[0]) == 701
    assert all(part.size <= ROWS_A_PART for part in parts[1:])


def test_a_part_comes_back_from_its_bytes() -> None:
    part = Part([[ReadRow(1, "Zoë", emails=("z@one.example",))]], [(2, "too_long")])
    assert Part.from_bytes(part.to_bytes()) == part
