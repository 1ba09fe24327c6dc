"""What our sheets write, an import reads back: every text, and every list of texts."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.imports.parsing import own_cells

TEXT = st.text(alphabet="'=+-@\t\r\n\0 |\\a0１1＝é")


@given(TEXT)
def test_a_text_comes_back(text: str) -> None:
    cell = own_cells.quoted(text)
    assert own_cells.unquoted(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝"))


@given(st.lists(TEXT.map(str.strip).filter(bool)))
def test_a_list_comes_back(values: list[str]) -> None:
    assert own_cells.parted(own_cells.joined(values)) == values


def test_a_cell_of_somebody_else_costs_no_more_than_its_length() -> None:
    assert own_cells.parted("a" * 200_000 + "\\") == ["a" * 200_000 + "\\"]
