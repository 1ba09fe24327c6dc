"""Characters: what programs of three decades write comes through as it was."""

import random
import tracemalloc

import pytest

from chalicelib.domain.imports.parsing import stream
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.rows import ReadRow
from tests.unit.domain.imports import files

HEADER = ["First Name", "Last Name", "Email", "Company"]
WESTERN = [
    ["Zoë", "Müßig", "zoe@example.org", "Café de l’Étoile"],
    ["José", "Núñez", "jose@example.org", "CAFÉ’S – € 5"],
    ["Åsa", "Øster", "asa@example.org", "Œuvre…"],
]
WORLD = [
    *WESTERN,
    ["Łukasz", "Żak", "l@example.org", "Ñ"],
    ["山田", "太郎", "y@example.org", "株式会社"],
    ["Ольга", "Ё", "o@example.org", "🏭"],
]


def cells(body: bytes, content_type: str = "text/csv") -> list[list[str]]:
    rows = files.rows(body, content_type)
    return [[r.first_name, r.last_name, r.emails[0], r.company_name] for r in rows if isinstance(r, ReadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [b"", b"mark"])
def test_unicode_with_and_without_a_mark(encoding: str, mark: bytes) -> None:
    text = files.table(HEADER, WORLD)
    body = ("\ufeff" + text if mark and encoding.endswith("e") else text).encode(encoding)
    assert cells(body) == WORLD


def test_windows_1252() -> None:
    assert cells(files.table(HEADER, WESTERN, ";").encode("cp1252")) == WESTERN


def test_a_charset_that_is_declared() -> None:
    rows = [["Łukasz", "Żak", "l@example.org", "Spółka"]]
    assert cells(files.table(HEADER, rows).encode("cp1250"), "text/csv; charset=windows-1250") == rows
    assert cells(files.table(HEADER, WORLD).encode(), "text/csv; charset=rot13") == WORLD
    assert cells(files.table(HEADER, WESTERN).encode("cp1252"), "text/csv; charset=utf-8") == WESTERN
    assert cells(files.table(HEADER, WORLD).encode("utf-8-sig"), 'text/csv;charset="iso-8859-1"') == WORLD


def test_a_file_cut_within_a_character() -> None:
    text = files.table(HEADER, WORLD)
    for encoding, cut in (("utf-8", 1), ("utf-8-sig", 2), ("utf-16", 3), ("utf-16-le", 1)):
        body = (text + "Zoë,Müßig,zoe2@example.org,株").encode(encoding)[:-cut]
        assert cells(body)[: len(WORLD)] == WORLD


def test_a_few_stray_bytes_spoil_only_themselves() -> None:
    body = files.table(HEADER, WORLD).encode() + "Zoë,Müßig,zoe2@example.org,Nord\r\n".encode("cp1252")
    assert cells(body) == [*WORLD, ["Zoë", "Müßig", "zoe2@example.org", "Nord"]]


@pytest.mark.parametrize("chunk", range(1, 9))
def test_pieces_of_a_file_cut_nothing(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(stream, "CHUNK", chunk)
    stray = files.table(HEADER, WORLD).encode() + "Zoë,Müßig,zoe2@example.org,Nord\r\n".encode("cp1252")
    assert cells(stray) == [*WORLD, ["Zoë", "Müßig", "zoe2@example.org", "Nord"]]
    assert cells(files.table(HEADER, WORLD).encode("utf-16")) == WORLD
    folded = files.card("FN:Zoë", "ORG:株式", "NOTE:a").encode().replace("株".encode(), b"\xe6\r\n \xa0\r\n \xaa")
    (zoe,) = files.rows(folded, "text/vcard")
    assert isinstance(zoe, ReadRow)
    assert zoe.company_name == "株式"


def test_a_line_of_any_length_is_not_held() -> None:
    note = "x" * 24_000_000
    body = f"First Name,Last Name,Notes\nAnna,Keller,{note}\nBen,Weber,y\n".encode()
    tracemalloc.start()
    outcome = files.codes(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert outcome == [(1, "ok"), (2, "ok")]
    assert peak < 10 * stream.LONGEST_LINE


def test_invisible_characters_and_controls_are_dropped() -> None:
    text = (
        '\ufeff\ufeff"First Name","Last Name","Email","Company"\n'
        'An\u200bna\x01,"\u202eKel\tler\x07",an\u200bna@example.org,"Nord\nwerk\u00a0AG"\n'
    )
    row = files.only(text)
    assert (row.first_name, row.last_name, row.emails, row.company_name) == (
        "Anna", "Kel ler", ("anna@example.org",), "Nord werk AG",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_any_table_comes_back(seed: int) -> None:
    """Random names, separators, line ends, encodings, and columns in random order."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable table, no secret
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    letters = "abcxyzäéñß'-. " if encoding == "cp1252" else "abcxyzÄéñß'-. ŁжΩ山"
    marks = [",", ";", "\t", '"', "\n", "|", ":", "<", "="]

    def word(extra: list[str]) -> str:
        body = "".join(rng.choice([*letters, *extra]) for _ in range(rng.randint(1, 12)))
        return f"A{body}z"

    header = ["First Name", "Last Name", "Email", "Company", "Notes", "Birthday"]
    rng.shuffle(header)
    expected, table = [], []
    for number in range(rng.randint(1, 30)):
        cells_by_name = {
            "First Name": word([]), "Last Name": word([]), "Email": f"a{number}@example.org", "Company": word(marks),
            "Notes": word(marks) * rng.randint(0, 3), "Birthday": "1980-01-01",
        }  # fmt: skip
        table.append(cells_by_name)
        expected.append([" ".join(cells_by_name[name].split()) for name in HEADER])
    text = files.table(header, table, rng.choice([",", ";", "\t", "|"]), rng.choice(["\r\n", "\n", "\r"]))
    body = text.encode(encoding)
    assert cells(body) == expected
    assert files.opened(body, content_type="").format == "generic_csv"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "First Name;Last Name;Email;Company\rJörg;Müller;jm@x.example;Größe GmbH\rZoë;Béranger;z@x.example;Café\r",
            "mac_roman",
        ),
        ("First,Last,Email\nÁngel,Muñoz,a@x.example\nJosé,Núñez,j@x.example\n", "mac_roman"),
        ("First,Last,Email\nÅsa,Öberg,a@x.example\nBjørn,Ærø,b@x.example\n", "mac_roman"),
        ("Vorname;Nachname;E-Mail\nJörg;Müller;j@x.example\n", "cp1252"),
        ("First,Last,Email\nSean,O’Brien,s@x.example\n", "cp1252"),
        ("First,Last,Email,Company\nZoë,Müller,z@x.example,1½ Zimmer\nJörg,Größe,j@x.example,Café\n", "cp1252"),
        (
            "Prénom;Nom;E-mail;Société\nMarie;Lefèvre;m@x.example;Cœur de Ville\nZoë;Sœur;z@x.example;Œuvres\n",
            "iso8859-15",
        ),
        ("Prénom;Nom;E-mail;Société\nMarie;Lebœuf;m@x.example;Manœuvres\n", "iso8859-15"),
        (
            "Vorname;Nachname;E-Mail;Firma\nJörg;Müller;j@x.example;Ab 100 €\nŽaneta;Šimková;z@x.example;X\n",
            "iso8859-15",
        ),
        ("Imię;Nazwisko;E-mail\nŁukasz;Woźniak;j@x.example\nWojciech;Jaźwiński;a@b.example\n", "iso8859-2"),
        ("Imię;Nazwisko;E-mail\nŁukasz;Żółć;j@x.example\nMałgorzata;Wiśniewska;a@b.example\n", "cp1250"),
        ("Imię;Nazwisko;E-mail\nŁukasz;Żółć;j@x.example\nMałgorzata;Wiśniewska;a@b.example\n", "iso8859-2"),
        ("Jméno;Příjmení;E-mail\nJiří;Dvořák;j@x.example\nŽofie;Šťastná;z@x.example\n", "cp1250"),
        ("Keresztnév;Vezetéknév;E-mail\nÁgnes;Kővári;a@x.example\nGyörgy;Szűcs;g@x.example\n", "cp1250"),
        ("Имя;Фамилия;Эл. почта\nИван;Петров;j@x.example\nМария;Иванова;a@b.example\n", "cp1251"),
        ("Имя;Фамилия;Эл. почта\nИван;Петров;j@x.example\nМария;Иванова;a@b.example\n", "koi8-r"),
        ("First;Last;E-mail\nΓιώργος;Παπαδόπουλος;j@x.example\nΕλένη;Νικολάου;e@x.example\n", "cp1253"),
        ("Ad;Soyad;E-posta\nGökçe;Şahin;j@x.example\nİbrahim;Yıldız;a@b.example\n", "cp1254"),
        ("名,姓,電子メール\n太郎,山田,t@x.example\n花子,佐藤,h@x.example\n", "shift_jis"),
        ("名,姓,电子邮件\n小明,王,t@x.example\n伟,张,h@x.example\n", "gb18030"),
        ("名字,姓氏,電子郵件\n小明,王,t@x.example\n美玲,陳,h@x.example\n", "big5"),
        ("이름,성,전자 메일\n영희,김,t@x.example\n철수,박,h@x.example\n", "euc_kr"),
    ],
)
def test_code_pages_are_told_by_what_they_make_of_the_words(text: str, encoding: str) -> None:
    from_utf8 = files.accepted_rows(text)
    assert len(from_utf8) >= 1
    assert files.accepted_rows(text.encode(encoding)) == from_utf8


def test_romanian_is_read_in_letters_that_are_compared_alike() -> None:
    """ISO 8859-16 and 8859-2 have the same places for Romanian; a cedilla is what most wrote before there was a comma below."""
    text = "Prenume,Nume,E-mail,Companie\nȘtefan,Țăranu,s@x.example,Brașov\nMihăiță,Pușcaș,m@x.example,Iași\n"
    rows = files.accepted_rows(text.encode("iso8859-16"))
    assert rows == files.accepted_rows(text.translate(str.maketrans("ȘșȚț", "ŞşŢţ")))


@pytest.mark.parametrize("text", ["First,Last,Email\nTõnu,Kõiv,t@x.example\nŽan,Šuk,z@x.example\n"])
def test_a_code_page_that_cannot_be_told_is_never_guessed(text: str) -> None:
    """Refused, so that nobody's name is garbled; declared, it is read."""
    with pytest.raises(FileRefused) as refused:
        files.rows(text.encode("cp1257"))
    assert refused.value.code == "unreadable_encoding"
    assert files.accepted_rows(text.encode("cp1257"), "text/csv; charset=windows-1257") == files.accepted_rows(text)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("First,Last,Email\nדוד,כהן,d@x.example\nשרה,לוי,s@x.example\n", "cp1255"),
        ("First,Last,Email\nΆννα,Παπαδοπούλου,a@x.example\n", "iso8859-7"),
        ("First,Last,Email\n太郎,山田,y@x.example\n", "cp932"),
        ("Imię,Nazwisko,E-mail,Firma\nŁukasz,Wiśniewski,a@x.example,Żółw\n", "iso8859-16"),
        (
            "Prénom,Nom,E-mail\nZoë,Phœnix,a@x.example\nHélène,Lefèvre,b@x.example\nJérôme,Bérénice,c@x.example\n",
            "iso8859-15",
        ),
    ],
)
def test_what_may_be_another_code_page_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(FileRefused, match="unreadable_encoding"):
        files.opened(text.encode(encoding))


@pytest.mark.parametrize(
    ("encoding", "first", "last"),
    [
        ("cp1251", "Анна", "Иванова"),
        ("mac_cyrillic", "Сергей", "Щукин"),
        ("cp1253", "Άννα", "Παπαδοπούλου"),
        ("mac_greek", "Άννα", "Παπαδοπούλου"),
    ],
)
def test_one_row_tells_windows_from_a_macintosh(encoding: str, first: str, last: str) -> None:
    row = files.only(f"First,Last,Email\n{first},{last},a@x.example\n".encode(encoding))
    assert (row.first_name, row.last_name) == (first, last)
