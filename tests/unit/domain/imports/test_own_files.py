"""Files of no program's layout: columns with plain names, and columns that a member maps."""

import pytest

from chalicelib.connectors.port import PrivacyClass
from chalicelib.domain.imports.parsing.rows import Format, ReadRow
from tests.unit.domain.imports import files


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name;E-Mail;Firma;Telefon", "Anna van den Berg;anna@example.org;Nordwerk;030 123456"),
        ("Vorname;Name;Mail;Organisation;Handy", "Anna;van den Berg;anna@example.org;Nordwerk;030 123456"),
        ("Prénom\tNom\tCourriel\tEntreprise\tPortable", "Anna\tvan den Berg\tanna@example.org\tNordwerk\t030 123456"),
        ("Full name|Email address|Organisation|Mobile", "Anna van den Berg|anna@example.org|Nordwerk|030 123456"),
        ("Nombre,Apellidos,Correo,Empresa,Móvil", "Anna,van den Berg,anna@example.org,Nordwerk,030 123456"),
        ("first_name,last_name,e-mail,company,phone_number", "Anna,van den Berg,anna@example.org,Nordwerk,030 123456"),
    ],
)
def test_files_of_ones_own_with_plain_names_of_columns(header: str, row: str) -> None:
    text = f"{header}\n{row}\n"
    assert files.format_of(text) == "generic_csv"
    read = files.only(text)
    assert (read.first_name, read.last_name, read.emails, read.company_name, read.phones) == (
        "Anna", "van den Berg", ("anna@example.org",), "Nordwerk", ("030 123456",),
    )  # fmt: skip


def test_columns_that_only_look_like_ours() -> None:
    header = ["Title", "First Name 2", "First Name", "Last Name", "Email", "Email 2", "Email Type", "Name of spouse"]
    row = files.only(
        files.table(header, [["Mrs", "CANARY", "Anna", "", "a@example.org", "b@example.org", "x", "CANARY"]])
    )
    assert row == ReadRow(
        number=1, first_name="Anna", emails=("a@example.org", "b@example.org"), dropped=(("Title", "no_title"),)
    )


def test_mapping_reads_any_names_of_columns() -> None:
    mapping = {"Wer": "full_name", "wo (mail)": "email", "Wo 2": "email", "bei": "company_name", "Netz": "profile_url"}
    text = (
        "sep=;\r\nWer;Wo (Mail);Wo 2;bei;Geheim;Netz\r\n"
        "Keller, Anna;a@example.org;b@example.org;Nordwerk;CANARY;xing.com/profile/A_K\r\n"
    )
    file = files.opened(text, content_type="text/csv", mapping=mapping)
    assert (file.format, file.privacy_class) == (Format.MAPPED_CSV, PrivacyClass.SHAREABLE)
    assert list(file.rows()) == [
        ReadRow(
            number=1,
            first_name="Anna",
            last_name="Keller",
            emails=("a@example.org", "b@example.org"),
            profile_urls=("https://xing.com/profile/a_k",),
            company_name="Nordwerk",
        )
    ]


def test_a_mapped_file_of_a_crm_stays_one() -> None:
    text = files.table(files.HUBSPOT, [{"Record ID": "1", "Email": "anna@example.org"}])
    file = files.opened(text, content_type="text/csv", mapping={"Email": "email"})
    assert (file.format, file.privacy_class) == (Format.MAPPED_CSV, PrivacyClass.OWNER_ONLY)
    forced = files.opened(text, content_type="text/csv", format="generic_csv")
    assert (forced.format, forced.privacy_class) == (Format.GENERIC_CSV, PrivacyClass.OWNER_ONLY)
