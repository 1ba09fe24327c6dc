"""Files that somebody made to break the import, and such as only seem so."""

import io
import time
import zipfile

import pytest

from chalicelib.domain.imports.parsing import encoding
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.row import ReadRow, Rejected
from chalicelib.domain.imports.parsing.rows import open_file

_CARD = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET={}:Anna=C3=BC\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    "charset", ["hex", "zlib", "rot13", "undefined", "base64", "uu", "bz2", "punycode", "utf-8", "x"]
)
def test_a_card_names_no_codec_that_unpacks_or_fails(charset: str) -> None:
    with open_file(io.BytesIO(_CARD.format(charset).encode())) as file:
        (row,) = file.rows()
    assert isinstance(row, ReadRow)
    assert row.first_name == "Annaü"


def test_blank_lines_between_cards_count_as_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.vcf", _CARD.format("utf-8") + "\r\n" * 5_000_000)
    with pytest.raises(FileRefused) as refused:
        open_file(packed)
    assert refused.value.code == "not_a_table"


@pytest.mark.parametrize(
    ("codec", "row"),
    [("big5", "一心,王,第一銀行"), ("cp932", "院長,田中,病院センター")],
)
def test_the_second_half_of_a_character_divides_no_word(codec: str, row: str) -> None:
    text = f"First Name,Last Name,Company\r\n{row}\r\n" + "志明,王,美麗\r\n" * (codec == "big5")
    assert encoding.detect(io.BytesIO(text.encode(codec))).name == codec


def test_the_end_of_a_chunk_divides_no_character() -> None:
    filling = "x" * 30 + "\r\n"
    text = "First Name,Company\r\n" + filling * 2047 + "y" * 11 + "\r\n" + "花子,田中センター\r\n" * 3
    for shift in range(4):
        content = ("z" * shift + text).encode("cp932")
        assert encoding.detect(io.BytesIO(content)).name == "cp932", shift


@pytest.mark.parametrize("filling", [" ", ";", ",", "@", "1", "a@b.co ", "http://"])
def test_a_long_cell_takes_little_time(filling: str) -> None:
    cell = filling * (10_000 // len(filling))
    began = time.process_time()
    with open_file(
        io.BytesIO(f'First Name,Email,Phone,Profile URL\r\nA,"{cell}","{cell}","{cell}"\r\n'.encode())
    ) as file:
        list(file.rows())
    assert (
        time.process_time() - began < 1
    )  # second; ten seconds and more where a run was looked at from each of its places


def test_a_cell_of_many_addresses_takes_little_time() -> None:
    cell = " ".join(f"a{number}@b.example" for number in range(5_000))
    began = time.process_time()
    with open_file(io.BytesIO(f'First Name,Email\r\nA,"{cell}"\r\n'.encode())) as file:
        (row,) = file.rows()
    assert row == Rejected(1, "too_many_values")
    assert time.process_time() - began < 1.5  # seconds; 5 and more where the cell was searched once for each of them
