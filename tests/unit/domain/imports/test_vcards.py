"""vCards as phones, Google and Apple write them, and those that break."""

import pytest

from chalicelib.domain.imports.parsing.rows import ReadRow, Rejected
from tests.unit.domain.imports import files

TYPE = "text/vcard"
PHOTO = ["PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/EMAIL:canary@example.org", *[" " + "QUJD" * 18] * 40]
APPLE = files.card(
    "PRODID:-//Apple Inc.//iOS 17.1//EN",
    "N:Keller;Anna;Maria;Dr.;",
    "FN:Dr. Anna Maria Keller",
    "ORG:Nordwerk\\, GmbH;Einkauf;",
    "TITLE:Leiterin Einkauf\\; Süd",
    "item1.EMAIL;type=INTERNET;type=pref:anna@nordwerk.example",
    "item1.X-ABLabel:_$!<Work>!$_",
    "item2.EMAIL;type=INTERNET:anna@keller.example",
    "item3.TEL:+49 30 123456",
    "item3.X-ABLabel:CANARY",
    "TEL;type=CELL;type=VOICE;type=pref:0170 1234567",
    "TEL;type=WORK;type=FAX:030 999999",
    "item4.ADR;type=HOME:;;CANARY 1;Berlin;;10115;Germany",
    "item5.URL;type=pref:https://nordwerk.example/CANARY",
    "X-SOCIALPROFILE;type=linkedin;x-user=anna-keller:http://www.linkedin.com/in/anna-keller",
    "X-SOCIALPROFILE;type=other:x-apple:CANARY",
    "IMPP;X-SERVICE-TYPE=Jabber:xmpp:canary@jabber.example",
    "BDAY:1980-02-03",
    "NOTE:CANARY\\nEMAIL:canary@example.org",
    *PHOTO,
    ends="\n",
)
ANNA = ReadRow(
    number=1,
    first_name="Anna Maria",
    last_name="Keller",
    emails=("anna@nordwerk.example", "anna@keller.example"),
    phones=("+49 30 123456", "0170 1234567"),
    profile_urls=("https://linkedin.com/in/anna-keller",),
    title="Leiterin Einkauf; Süd",
    company_name="Nordwerk, GmbH",
    dropped=(
        ("TEL", "no_telephone"),
        ("URL", "no_persons_page"),
        ("X-SOCIALPROFILE", "no_persons_page"),
        ("IMPP", "no_persons_page"),
    ),
    meant=("canary@jabber.example",),  # asked whether that person was erased, and not kept
)


@pytest.mark.parametrize(
    "content_type", [TYPE, "text/x-vcard; charset=utf-8", "text/csv", "application/octet-stream", ""]
)
def test_apple_cards(content_type: str) -> None:
    assert files.opened(APPLE, content_type=content_type).format == "vcard"
    assert files.rows(APPLE, content_type) == [ANNA]


def test_takeout_cards_without_id_and_without_name() -> None:
    text = files.card(
        "FN:Jan van den Berg", "N:;Jan van den Berg;;;", "item1.EMAIL;TYPE=INTERNET:jan@berg.example",
        "item1.X-ABLabel:", "CATEGORIES:myContacts,CANARY", "NOTE:CANARY",
    )  # fmt: skip
    nameless = files.card("FN:", "N:;;;;", "EMAIL;TYPE=INTERNET:mia@smet.example", "CATEGORIES:myContacts")
    empty = files.card("FN:", "N:;;;;", "CATEGORIES:myContacts")
    first, second, third = files.rows(text + nameless + empty, TYPE)
    assert isinstance(first, ReadRow)
    assert (first.first_name, first.emails, first.source_id) == ("Jan van den Berg", ("jan@berg.example",), "")
    assert second == ReadRow(number=2, emails=("mia@smet.example",))
    assert third == Rejected(3, "no_identity")


def test_version_4() -> None:
    text = files.card(
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "FN;PREF=1:Anna Keller",
        "N:Keller;Anna;;;",
        'EMAIL;TYPE="work,home";PREF=1;LABEL="a:b;c":anna@nordwerk.example',
        'TEL;VALUE=uri;TYPE="voice,cell":tel:+49-170-1234567;ext=5',
        'TEL;VALUE=uri;TYPE="fax":tel:+49-30-999999',
        "URL:https://www.xing.com/profile/Anna_Keller",
        "SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://social.example/@canary",
        "PHOTO:data:image/jpeg;base64,QUJD",
        "RELATED;VALUE=text:CANARY",
        version="4.0",
    )
    assert files.only(text, TYPE) == ReadRow(
        number=1,
        first_name="Anna",
        last_name="Keller",
        emails=("anna@nordwerk.example",),
        phones=("+49-170-1234567",),
        profile_urls=("https://xing.com/profile/anna_keller",),
        source_id="urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        dropped=(("TEL", "no_telephone"), ("SOCIALPROFILE", "no_persons_page")),
    )


def test_version_2_1_as_phones_write_it() -> None:
    text = files.card(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=C3=9Fig;J=C3=B6rg;;;",
        "ORG;QUOTED-PRINTABLE:Caf=E9 Nord",
        "TEL;CELL;PREF:0170 1234567",
        "TEL;WORK;FAX:030 999999",
        "EMAIL;INTERNET:joerg@example.org",
        "NOTE;ENCODING=QUOTED-PRINTABLE:CANARY=0D=0A=",
        "EMAIL:canary@example.org=0D=0A=",
        "EMAIL:canary2@example.org",
        "TITLE;ENCODING=QUOTED-PRINTABLE:Leiter =",
        "Einkauf",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRg",
        "QUJDQUJDQUJD",
        "",
        version="2.1",
    )
    assert files.only(text, TYPE) == ReadRow(
        number=1,
        first_name="Jörg",
        last_name="Müßig",
        emails=("joerg@example.org",),
        phones=("0170 1234567",),
        title="Leiter Einkauf",
        company_name="Café Nord",
        dropped=(("TEL", "no_telephone"),),
    )


def test_an_agents_card_within_a_card_of_version_2_1() -> None:
    text = files.card(
        "FN:Anna Keller",
        "AGENT:",
        files.card("FN:CANARY", version="2.1").strip(),
        "EMAIL:anna@example.org",
        version="2.1",
    )
    assert files.only(text, TYPE).emails == ("anna@example.org",)


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_folded_lines(ends: str) -> None:
    text = files.card("FN:Anna Kel", " ler", "EMAIL;TYPE=INT", "\tERNET:anna@exam", " ple.o", " rg", ends=ends)
    row = files.only(text, TYPE)
    assert (row.first_name, row.last_name, row.emails) == ("Anna", "Keller", ("anna@example.org",))


def test_lines_folded_within_a_character() -> None:
    whole = files.card("FN:Jörg Müßig", "TITLE:Größe", "NOTE:Ωmega").encode()
    for at in range(whole.index(b"FN:") + 4, whole.index(b"END")):
        if whole[at] & 0xC0 == 0x80:
            row = files.only(whole[:at] + b"\r\n " + whole[at:], TYPE)
            assert (row.first_name, row.last_name, row.title) == ("Jörg", "Müßig", "Größe")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert files.only(files.card("FN:Jörg Müßig", "ORG:Nord").encode(encoding), TYPE).last_name == "Müßig"


def test_broken_cards_stand_alone() -> None:
    good = files.card("FN:Anna Keller", "EMAIL:anna@example.org")
    cases = [
        good,
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ben Weber\r\n",  # no end: read all the same
        good,
        files.card(
            "FN:Cleo Dorn", "a line that is none", "PHOTO;ENCODING=b:data:image/png;base64,iVBOR", "EMAIL:c@example.org"
        ),
        "rubbish between cards\r\n\r\nEMAIL:canary@example.org\r\n",
        "begin:vcard\r\nfn:Dora Ems\r\nend:vcard\r\n",
        files.card("FN:Emil Frey", "EMAIL:info@example.org"),
        good,
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Gus Ha",  # the file ends
    ]
    assert files.codes("".join(cases), TYPE) == [
        (1, "ok"), (2, "ok"), (3, "ok"), (4, "ok"), (5, "ok"), (6, "address_not_storable"), (7, "ok"),
        (8, "row_incomplete"),
    ]  # fmt: skip


def test_cards_of_companies_and_groups_are_no_persons() -> None:
    company = files.card("N:;;;;", "FN:Nordwerk", "ORG:Nordwerk", "EMAIL:anna@nordwerk.example")
    shown_as = files.card("N:;;;;", "FN:Nordwerk Süd", "ORG:Nordwerk", "X-ABShowAs:COMPANY", "EMAIL:x@nordwerk.example")
    group = files.card(
        "N:;Team;;;", "FN:Team", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1"
    )
    kind = files.card("FN:Nordwerk", "KIND:org", version="4.0")
    first, *rest = files.rows(company + shown_as + group + kind, TYPE)
    assert first == ReadRow(number=1, emails=("anna@nordwerk.example",), company_name="Nordwerk")
    assert rest == [Rejected(n, "not_a_person") for n in (2, 3, 4)]


def test_cards_within_an_archive() -> None:
    body = files.zipped({"Takeout/Contacts/Friends/Friends.vcf": APPLE})
    assert files.rows(body, "application/zip") == [ANNA]


def test_cards_of_an_archive_are_read_once_in_any_language() -> None:
    anna, ben = files.card("FN:Anna", "EMAIL:a@x.example"), files.card("FN:Ben", "EMAIL:b@x.example")
    for folder in ("Kontakte", "Контакты", "連絡先"):
        whole = {f"Takeout/{folder}/Alle/Alle.vcf": anna + ben, f"Takeout/{folder}/Meine/Meine.vcf": ben}
        assert [row.emails for row in files.accepted_rows(files.zipped(whole))] == [("a@x.example",), ("b@x.example",)]
    each = {"1.vcf": anna, "2.vcf": ben}
    assert len(files.accepted_rows(files.zipped(each))) == 2


def test_what_stands_behind_the_end_of_a_card_is_passed_over() -> None:
    for behind in (".", " ;", "#"):
        text = f"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8:Keller;Anna\nTEL;HOME:+49301234567\nEND:VCARD{behind}\n"
        row = files.only(text, TYPE)
        assert (row.first_name, row.last_name, row.phones) == ("Anna", "Keller", ("+49301234567",))


def test_a_later_name_that_says_less_is_not_taken() -> None:
    first, second = "N:Smith;John;;;", "N:;John Smith;;;"
    for names in ([first, second], [second, first]):
        row = files.only(files.card("FN:John Smith", *names, "TEL:+31611111111"), TYPE)
        assert (row.first_name, row.last_name) == ("John", "Smith")


@pytest.mark.parametrize(
    ("names", "first", "last"),
    [
        (["N:García;María José;;;", "N:;María José García;;;"], "María José", "García"),
        (["N:田中;花子;;;", "N:;田中花子;;;"], "花子", "田中"),
        (["N:Петрова;Анна;Ивановна;;", "N:Петрова;;;;"], "Анна Ивановна", "Петрова"),
        (["N:van den Berg;Jan;;;", "N:;;;;"], "Jan", "van den Berg"),
        (["N:Smith;;;;", "N:Smith;John;;;"], "John", "Smith"),
    ],
)
def test_of_several_names_the_one_that_says_most_is_taken(names: list[str], first: str, last: str) -> None:
    for lines in (names, names[::-1]):
        row = files.only(files.card(*lines, "FN:", "TEL:+31611111111"), TYPE)
        assert (row.first_name, row.last_name, row.dropped) == (first, last, ())


def test_a_second_value_of_what_a_card_has_once_is_told() -> None:
    lines = [
        "FN:Anna Keller",
        "N:Keller;Anna;;;",
        "FN:Ben Weber",
        "N:Weber;Ben;;;",
        "ORG:Nord",
        "ORG:Süd",
        "TITLE:CFO",
        "TITLE:CFO",
    ]
    row = files.only(files.card(*lines, "a line that is none", "EMAIL"), TYPE)
    assert (row.first_name, row.last_name, row.company_name, row.title) == ("Anna", "Keller", "Nord", "CFO")
    assert row.dropped == (
        ("FN", "already_given"), ("N", "already_given"), ("ORG", "already_given"), ("", "not_a_property"),
    )  # fmt: skip


def test_the_properties_of_cards_are_told_as_columns_are() -> None:
    with files.opened(APPLE + files.card("FN:Ben", "X-Shoe-Size:44", "item1.x-shoe-size:45"), TYPE) as file:
        assert len(list(file.rows())) == 2
        used = dict(file.columns)
    assert {name for name, gives in used.items() if gives} == {
        "N", "FN", "ORG", "TITLE", "EMAIL", "TEL", "URL", "X-SOCIALPROFILE", "IMPP",
    }  # fmt: skip
    assert {name for name, gives in used.items() if gives is None} == {
        "PRODID", "N (prefix, suffix)", "ORG (units)", "X-ABLABEL", "ADR", "BDAY", "NOTE", "PHOTO", "X-SHOE-SIZE",
    }  # fmt: skip


@pytest.mark.parametrize("beginning", ["\r\n\r\nBEGIN:VCARD", "begin : vcard", "\ufeffBegin:vCard ", "  BEGIN:VCARD"])
def test_a_file_of_cards_begins_in_many_ways(beginning: str) -> None:
    text = files.card("FN:Jörg Müßig", "EMAIL:j@example.org").replace("BEGIN:VCARD", beginning, 1)
    assert files.only(text, TYPE).last_name == "Müßig"
    assert files.format_of(text, "") == "vcard"


def test_any_cut_of_a_file_keeps_the_cards_before() -> None:
    text = APPLE + files.card("FN:Ben Weber", "EMAIL:ben@example.org")
    for cut in range(len(APPLE), len(text), 5):
        found = files.rows(text[:cut], TYPE)
        assert found[0] == ANNA
        assert len(found) <= 2
