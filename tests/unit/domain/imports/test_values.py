"""Cells: addresses, numbers, profiles, names and their limits."""

import pytest

from chalicelib.core import identifiers
from chalicelib.domain.imports.parsing import names
from chalicelib.domain.imports.parsing.row import ReadRow, Rejected, salesforce_id
from chalicelib.domain.imports.row_groups import keys_of
from tests.unit.domain.imports import files
from tests.unit.domain.imports.files import accepted, read


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("anna@example.org", ("anna@example.org",)),
        (" Anna@Example.org ; ANNA@example.org ", ("Anna@Example.org",)),
        ("a@example.org ::: b@example.org", ("a@example.org", "b@example.org")),
        ("a@example.org, b@example.org\nc@example.org", ("a@example.org", "b@example.org", "c@example.org")),
        ('"Keller, Anna" <a@example.org>; Ben <b@example.org>', ("a@example.org", "b@example.org")),
        ("mailto:a@example.org (work)", ("a@example.org",)),
        ("a.b+c@gmail.com ::: ab@googlemail.com", ("a.b+c@gmail.com",)),
        ("anna@bücher.example", ("anna@bücher.example",)),
        ("'anna@example.org", ("anna@example.org",)),
        ('"anna@example.org"', ("anna@example.org",)),
        ("(anna@example.org)", ("anna@example.org",)),
        ("[anna@example.org]", ("anna@example.org",)),
        ("a@example.org|b@example.org", ("a@example.org", "b@example.org")),
        ("/o=ExchangeLabs/ou=Group/cn=Recipients/cn=anna", ()),
        ("", ()),
    ],
)
def test_addresses(cell: str, expected: tuple[str, ...]) -> None:
    assert accepted(first_name="Anna", email=cell).emails == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("info@example.org", "address_not_storable"),
        ("Support+x@example.org", "address_not_storable"),
        ("anna@", "not_an_address"),
        ("no address", "not_an_address"),
        ("n/a", "not_an_address"),
        ("keine", "not_an_address"),
        ("bla.bla.@example.org", "not_an_address"),
        ("a@b", "not_an_address"),
        ("-", "not_an_address"),
    ],
)
def test_a_cell_that_is_no_address_of_a_person_loses_nobody(cell: str, code: str) -> None:
    row = accepted(first_name="Anna", linkedin="linkedin.com/in/anna", email=cell)
    assert (row.emails, row.dropped) == ((), (("Email", code),))
    row = accepted(first_name="Anna", email=f"a@example.org ; {cell}")
    assert (row.emails, row.dropped) == (("a@example.org",), (("Email", code),))


def test_a_functions_mailbox_alone_is_nobody() -> None:
    assert read(first_name="Anna", email="info@example.org") == Rejected(1, "address_not_storable")
    assert accepted(first_name="Anna", email="n/a").first_name == "Anna"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@example.org / b@example.org", ("a@example.org", "b@example.org")),
        ("a&#64;example.org", ("a@example.org",)),
        ("a\u200b@example.org", ("a@example.org",)),
    ],
)
def test_addresses_as_people_join_and_programs_escape_them(cell: str, expected: tuple[str, ...]) -> None:
    row = accepted(first_name="Anna", email=cell)
    assert (row.emails, row.dropped) == (expected, ())


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("+49 (170) 123-45 67", ("+49 (170) 123-45 67",)),
        ("030 / 98 76 54", ("030 / 98 76 54",)),
        ("+49 30 1234567 / +49 170 7654321", ("+49 30 1234567", "+49 170 7654321")),
        ("+4930123456 ::: +49 30 123456\n030 999999", ("+4930123456", "030 999999")),
        ("4711", ()),
        ("4.91701E+11", ()),
        ("555-123-4567, 555-987-6543", ("555-123-4567", "555-987-6543")),
        ("(555) 123-4567 / (555) 987-6543", ("(555) 123-4567", "(555) 987-6543")),
        ("030 1234567 oder 0170 7654321", ("030 1234567", "0170 7654321")),
        ("030 1234567 & 0170 7654321", ("030 1234567", "0170 7654321")),
        ("'+49 30 1234567", ("+49 30 1234567",)),
        ('="+49 30 1234567"', ("+49 30 1234567",)),
        ("tel:+49-30-1234567", ("+49-30-1234567",)),
        ("030 123456 (a.keller@example.org); a12345@example.org", ("030 123456",)),
        ("n/a", ()),
    ],
)
def test_numbers(cell: str, expected: tuple[str, ...]) -> None:
    row = accepted(first_name="Anna", phone=cell)
    assert row.phones == expected
    for number in row.phones:
        identifiers.phone(number)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://uk.linkedin.com/in/Anna-Keller/", "https://linkedin.com/in/anna-keller"),
        ("http://www.xing.com/profile/Anna_Keller", "https://xing.com/profile/anna_keller"),
        ("https://twitter.com/annak", "https://x.com/annak"),
        ("https://www.facebook.com/anna.keller", "https://facebook.com/annakeller"),
        ("https://www.facebook.com/profile.php?id=1000", "https://facebook.com/profile.php?id=1000"),
        ("https://www.facebook.com/profile.php", ""),
        ("https://www.linkedin.com/company/nordwerk", ""),
        ("https://github.com/annak/project", ""),
        ("https://nordwerk.example/team/anna", ""),
        ("nordwerk", ""),
        ("https://[broken", ""),
    ],
)
def test_websites_count_where_they_are_a_persons_profile(url: str, expected: str) -> None:
    assert accepted(first_name="Anna", website=url).profile_urls == ((expected,) if expected else ())


def test_a_column_of_profiles_may_point_elsewhere_but_to_no_company() -> None:
    assert accepted(first_name="Anna", linkedin="nordwerk.example/team/anna").profile_urls == (
        "https://nordwerk.example/team/anna",
    )
    assert accepted(first_name="Anna", linkedin="https://www.linkedin.com/company/nordwerk").profile_urls == ()


def test_an_address_in_a_name_is_the_persons_and_in_another_text_stays() -> None:
    row = accepted(first_name="anna@example.org", job_title="CFO (cfo@example.org)", company="Nord, n@example.org")
    title, company = "CFO (cfo@example.org)", "Nord, n@example.org"
    assert row == ReadRow(number=1, emails=("anna@example.org",), title=title, company_name=company)
    assert accepted(first_name="Anna <anna@example.org>").emails == ("anna@example.org",)
    assert read(last_name="info@example.org") == Rejected(1, "address_not_storable")


def test_limits() -> None:
    assert read(first_name="x" * 201) == Rejected(1, "too_long")
    assert read(first_name="anna@example.org " * 300) == Rejected(1, "too_long")
    assert accepted(first_name="x" * 200, company="x" * 300).dropped == ()
    row = accepted(first_name="x" * 201, last_name="Ek", job_title="y" * 301, company="z" * 4001)
    assert (row.last_name, row.dropped) == (
        "Ek", (("Company", "too_long"), ("First Name", "too_long"), ("Job Title", "too_long")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "form"),
    [("Email", "a{}@example.org"), ("Phone", "030 {}00000"), ("LinkedIn", "https://linkedin.com/in/a{}")],
)
def test_a_row_keeps_as_many_values_as_a_contact_has_room_for(column: str, form: str) -> None:
    values = [form.format(number) for number in range(10, 80)]
    row = accepted(**{"first_name": "Anna", column.lower(): "; ".join(values)})
    kept = row.emails or row.phones or row.profile_urls
    assert (list(kept), row.dropped) == (values[:20], ((column, "too_many_values"),))
    assert accepted(**{column.lower(): "; ".join([*values[:20], values[0]])}).dropped == ()


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"phone": "anna@example.org"}, "Phone", "not_a_number"),
        ({"phone": "n/a"}, "Phone", "not_a_number"),
        ({"email": "/o=ExchangeLabs/ou=Group/cn=Recipients/cn=anna"}, "Email", "not_an_address"),
        ({"job_title": "Frau Dr."}, "Job Title", "no_title"),
        ({"job_title": "CFO ::: Buyer"}, "Job Title", "further_value"),
        ({"company": "Nord ::: Süd"}, "Company", "further_value"),
        ({"website": "https://nordwerk.example/team"}, "Website", "no_persons_page"),
    ],
)
def test_no_cell_vanishes_in_silence(cells: dict[str, str], column: str, code: str) -> None:
    assert accepted(first_name="Anna", **cells).dropped == ((column, code),)


def test_what_another_column_has_said_otherwise_is_told() -> None:
    header = ["Full Name", "First Name", "Last Name", "Position", "Job Title", "Email"]
    one = ["Dr. Anna M. Keller, MBA", "Anna", "Keller", "CFO", "CFO", "a@example.org"]
    other = ["Ben Weber", "Anna", "Keller", "CFO", "Buyer", "a@example.org"]
    first, second = files.accepted_rows(files.table(header, [one, other]))
    assert (first.title, first.dropped) == ("CFO", ())
    assert (second.first_name, second.title) == ("Anna", "CFO")
    assert second.dropped == (("Job Title", "already_given"), ("Full Name", "already_given"))


def test_who_cannot_be_told() -> None:
    assert read(company="Nordwerk", job_title="CFO", website="https://nordwerk.example/") == Rejected(1, "no_identity")
    assert accepted(phone="030 123456").phones == ("030 123456",)
    assert accepted(last_name="Keller").last_name == "Keller"


def test_what_two_rows_of_one_person_have_in_common() -> None:
    first = accepted(first_name="Anna", email="Anna+x@Example.org", linkedin="linkedin.com/in/anna")
    assert keys_of(first) == ["email:anna+x@example.org", "url:https://linkedin.com/in/anna"]
    assert keys_of(accepted(first_name="Anna", linkedin="linkedin.com/in/anna/")) == keys_of(first)[1:]
    named, same, other = (
        ReadRow(n, "Anna", "Keller", company_name=c, source_id=str(n)) for n, c in ((1, "N"), (9, "N"), (1, "M"))
    )
    assert keys_of(named) == keys_of(same) == [named.digest()] != keys_of(other)
    assert ReadRow(1, "Anna", "Keller").digest() != ReadRow(1, "Anna Keller").digest()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Keller", ("Anna", "Keller")),
        ("Anna Maria Keller", ("Anna Maria", "Keller")),
        ("Keller, Anna", ("Anna", "Keller")),
        ("van den Berg, Jan", ("Jan", "van den Berg")),
        ("Jan van den Berg", ("Jan", "van den Berg")),
        ("Mia De Smet", ("Mia", "De Smet")),
        ("Otto von und zu Hohenfels", ("Otto", "von und zu Hohenfels")),
        ("Ana de la Cruz", ("Ana", "de la Cruz")),
        ("Juan Ortega y Gasset", ("Juan", "Ortega y Gasset")),
        ("DUPONT Jean-Luc", ("Jean-Luc", "DUPONT")),
        ("DE LA TOUR Anne", ("Anne", "DE LA TOUR")),
        ("Dr. Anna Keller", ("Anna", "Keller")),
        ("Prof. Dr. Anna Keller", ("Anna", "Keller")),
        ("Anna Keller, PhD", ("Anna", "Keller")),
        ("Anna Keller MBA", ("Anna", "Keller")),
        ("Don Draper", ("Don", "Draper")),
        ("ANNA KELLER", ("ANNA", "KELLER")),
        ("Anna", ("Anna", "")),
        ("山田太郎", ("山田太郎", "")),
        ("山田 太郎", ("太郎", "山田")),
        ("김 철수", ("철수", "김")),
        ("Van Morrison", ("Van", "Morrison")),
        ("J. R. R. Tolkien", ("J. R. R.", "Tolkien")),
    ],
)
def test_whole_names_are_split(text: str, expected: tuple[str, str]) -> None:
    assert names.split_full(text) == expected


def test_middle_names() -> None:
    assert names.with_middle("Jan", "van den", "Berg") == ("Jan", "van den Berg")
    assert names.with_middle("Anna", "Maria", "Keller") == ("Anna Maria", "Keller")
    assert names.with_middle("Anna", "", "Keller") == ("Anna", "Keller")


def test_salesforce_ids_have_one_form() -> None:
    assert salesforce_id("0035e00000AbCdE") == salesforce_id("0035e00000AbCdEAAV") == "0035e00000AbCdEAAV"
    assert salesforce_id("0035e00000AbCdEXX") == salesforce_id("Anna") == ""


def test_two_profiles_in_one_cell_are_two() -> None:
    for between in (", https://", " | ", "; www.", "\n", ","):
        row = accepted(first_name="A", linkedin=f"https://www.linkedin.com/in/a-one{between}twitter.com/aone")
        assert row.profile_urls == ("https://linkedin.com/in/a-one", "https://x.com/aone"), between


def test_what_a_spreadsheet_has_ruined_is_said() -> None:
    row = accepted(first_name="A", phone="4,91701E+11")
    assert (row.phones, row.dropped) == ((), (("Phone", "not_a_number"),))


def test_entities_of_pages_are_decoded() -> None:
    row = accepted(first_name="Sean", last_name="O&#039;Brien", company="Fritz Dr&auml;xl &amp; Dahl")
    assert (row.last_name, row.company_name) == ("O'Brien", "Fritz Dräxl & Dahl")
    assert accepted(first_name="A", company="AT&T; Sons &amp;amp; Co").company_name == "AT&T; Sons & Co"
    for text, shown in (
        ("Caf&eacute;", "Café"),
        ("&#1055;&#1077;&#1090;&#1088;", "Петр"),
        ("&#x7530;&#x4e2d;", "田中"),
        ("O&rsquo;Neil", "O’Neil"),
    ):
        assert accepted(first_name="A", company=text).company_name == shown


@pytest.mark.parametrize("name", ["anna@example.org", "linkedin.com/in/anna", "ANNA%40example.org"])
def test_a_records_own_id_takes_no_identifier(name: str) -> None:
    row = files.only(files.card("FN:Anna", f"UID:{name}"), "text/vcard")
    assert not row.source_id
    assert row.dropped == (("UID", "address_in_text"),)


def test_a_link_keeps_what_says_which_page_it_is() -> None:
    pages = ("contact?id=1", "contact?id=2", "?id=1", "app#/people/3", "#/people/3", "a%23b", "a#b", "my%20page")
    urls = tuple(f"https://crm.example/{page}" for page in pages)
    assert files.only(f"Name,Email,LinkedIn\nAnna,a@x.example,{' '.join(urls)}\n").profile_urls == urls


@pytest.mark.parametrize("column", ["LinkedIn", "Website"])
def test_a_link_to_a_chat_is_a_number(column: str) -> None:
    row = files.only(f"Name,{column}\nAnna,https://wa.me/49301234567 https://x.com/anna\n")
    assert (row.phones, row.profile_urls, row.dropped) == (("+49301234567",), ("https://x.com/anna",), ())
    row = files.only(f"Name,{column}\nAnna,https://crm.example/call?tel=0301234567\n")
    assert (row.phones, row.profile_urls, row.dropped) == ((), (), ((column, "no_persons_page"),))
