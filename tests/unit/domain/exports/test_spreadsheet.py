"""Cells of a sheet: shown, never run."""

import csv
import io

import pytest

from chalicelib.domain.exports import spreadsheet


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1", "'+49 30 1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\0=1", "'\0=1"),
        ("＝1", "'＝1"),
        (-5, "'-5"),
        (51, "51"),
        ("a=1", "a=1"),
        ("0049301234", "'0049301234"),
        (["0305550177"], "'0305550177"),
        ("'=1", "''=1"),
        ("'a'", "'a'"),
        (["a|b", "c\\"], "a\\|b | c\\\\"),
        ("", ""),
        (None, ""),
        ([], ""),
        (["+49 1", "+49 2"], "'+49 1 | +49 2"),
        ([{"source": "member", "at": "x"}, {"source": "import:google_csv", "at": "y"}], "member | import:google_csv"),
    ],
)
def test_a_cell(value: object, shown: str) -> None:
    assert spreadsheet.cell(value) == shown


def test_every_cell_is_quoted_and_read_back() -> None:
    target = io.BytesIO()
    value = 'say "hi"; =1, then\r\nleave'
    spreadsheet.write(target, ("a", "b"), [{"a": value, "b": "ü"}])
    written = target.getvalue()
    assert written.startswith(b'\xef\xbb\xbf"a","b"\r\n"say ""hi""; =1')
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))) == [["a", "b"], [value, "ü"]]
