"""Each program's layout is recognised by its key columns, and only allow-listed columns come through."""

import pytest

from chalicelib.connectors.port import PrivacyClass
from chalicelib.domain.imports.parsing.rows import Format, ReadRow, Rejected
from tests.unit.domain.imports import files

GOOGLE_ROW = {
    "First Name": "Anna", "Middle Name": "Maria", "Last Name": "Keller", "Name Prefix": "Dr.",
    "Nickname": "Anni-CANARY", "File As": "CANARY", "Organization Name": "Nordwerk GmbH",
    "Organization Title": "Leiterin Einkauf",
    "Organization Department": "CANARY", "Birthday": "1980-02-03", "Notes": "CANARY, a note\nof two lines",
    "Photo": "https://lh3.example/CANARY", "Labels": "* myContacts ::: CANARY", "E-mail 1 - Label": "* Work",
    "E-mail 1 - Value": "Anna.Keller@Nordwerk.example ::: a.keller@nordwerk.example", "E-mail 2 - Label": "Home",
    "E-mail 2 - Value": "anna@keller.example", "Phone 1 - Label": "Mobile",
    "Phone 1 - Value": "+49 170 1234567 ::: 030 / 98 76 54", "Address 1 - Formatted": "CANARY street 1\n10115 Berlin",
    "Website 1 - Value": "https://de.linkedin.com/in/Anna-Keller/?trk=x",
    "Website 2 - Value": "https://nordwerk.example/team", "Event 1 - Value": "CANARY",
    "Relation 1 - Value": "CANARY", "Custom Field 1 - Value": "CANARY",
}  # fmt: skip


def test_google_contacts_as_exported_today() -> None:
    text = files.table(files.GOOGLE, [GOOGLE_ROW])
    assert files.format_of(text) == "google_csv"
    assert files.only(text) == ReadRow(
        number=1,
        first_name="Anna Maria",
        last_name="Keller",
        emails=("Anna.Keller@Nordwerk.example", "a.keller@nordwerk.example", "anna@keller.example"),
        phones=("+49 170 1234567", "030 / 98 76 54"),
        profile_urls=("https://linkedin.com/in/anna-keller",),
        title="Leiterin Einkauf",
        company_name="Nordwerk GmbH",
        dropped=(("Website 2 - Value", "no_persons_page"),),
    )


def test_google_with_more_columns_of_a_kind_and_others_missing() -> None:
    header = ["First Name", "Last Name", "File As", "Labels", *(f"E-mail {n} - Value" for n in range(1, 8))]
    row = {f"E-mail {n} - Value": f"anna{n}@example.org" for n in range(1, 8)}
    assert len(files.only(files.table(header, [row])).emails) == 7


def test_google_contacts_as_exported_before() -> None:
    row = {
        "Name": "Jan van den Berg", "Given Name": "Jan", "Additional Name": "van den", "Family Name": "Berg",
        "Group Membership": "CANARY", "Notes": "CANARY", "E-mail 1 - Value": "jan@berg.example",
        "Organization 1 - Name": "Berg BV", "Organization 1 - Title": "Directeur", "Phone 1 - Value": "+31 20 123 4567",
    }  # fmt: skip
    text = files.table(files.GOOGLE_OLD, [row, {"Name": "Mia de Smet", "E-mail 1 - Value": "mia@smet.example"}])
    assert files.format_of(text) == "google_csv_old"
    first, second = files.rows(text)
    assert isinstance(first, ReadRow)
    assert isinstance(second, ReadRow)
    assert (first.first_name, first.last_name, first.company_name, first.title) == (
        "Jan", "van den Berg", "Berg BV", "Directeur",
    )  # fmt: skip
    assert (second.first_name, second.last_name) == ("Mia", "de Smet")


def test_outlook_without_what_others_are() -> None:
    row = {
        "First Name": "Zoë", "Last Name": "Åkesson", "Title": "Mrs", "E-mail Address": "zoe@akesson.example",
        "E-mail 2 Address": "z.akesson@firma.example", "Business Phone": "+46 8 123 456",
        "Mobile Phone": "070-123 45 67", "Business Fax": "+46 8 999 999",
        "Assistant's Phone": "+46 8 555 555", "Assistant's Name": "CANARY",
        "Job Title": "Inköpschef", "Company": "Firma AB", "Spouse": "CANARY", "Children": "CANARY", "Notes": "CANARY",
        "Birthday": "1/1/1970", "Department": "CANARY", "Manager's Name": "CANARY", "Business Street": "CANARY",
    }  # fmt: skip
    text = files.table(files.OUTLOOK, [row]).encode("cp1252")
    assert files.format_of(text) == "outlook_csv"
    read = files.only(text)
    assert (read.first_name, read.last_name, read.title, read.company_name) == (
        "Zoë",
        "Åkesson",
        "Inköpschef",
        "Firma AB",
    )
    assert read.emails == ("zoe@akesson.example", "z.akesson@firma.example")
    assert set(read.phones) == {"+46 8 123 456", "070-123 45 67"}


def test_outlook_form_of_address_is_no_job() -> None:
    header = ["Title", "First Name", "Last Name", "E-mail Address", "Business Street", "Business Phone", "Company"]
    for title in ("Dr.", "Baroness"):
        assert files.only(files.table(header, [[title, "Anna", "Keller", "anna@example.org", "", "", ""]])).title == ""


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            (
                "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,"
                "Land/Region geschäftlich,Fax geschäftlich,Telefon geschäftlich,Telefon Assistent,E-Mail-Adresse,"
                "E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,Notizen"
            ),
            (
                "Frau,Jörg,,Müßig,,Firma X,CANARY,Chef,CANARY,D,030 999999,+49 30 123456,030 888888,j@firma.example,"
                "SMTP,CANARY,j2@firma.example,CANARY"
            ),
        ),
        (
            (
                "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),Télécopie (bureau),"
                "Téléphone (bureau),Téléphone de l'assistant(e),Adresse de messagerie,Type de messagerie,"
                "Nom complet de l'adresse de messagerie,Adresse de messagerie 2,Conjoint(e),Notes"
            ),
            (
                "M.,Jörg,,Müßig,,Firma X,CANARY,Chef,CANARY,030 999999,+49 30 123456,030 888888,j@firma.example,SMTP,"
                "CANARY,j2@firma.example,CANARY,CANARY"
            ),
        ),
        (
            (
                "Title,Nombre,Segundo nombre,Apellidos,Organización,Puesto,Calle del trabajo,Business Fax,"
                "Teléfono del trabajo,E-mail Address,Nombre de pantalla de correo electrónico,"
                "Dirección de correo electrónico 2,Notes"
            ),
            "Sr.,Jörg,,Müßig,Firma X,Chef,x,030 999999,+49 30 123456,j@firma.example,CANARY,j2@firma.example,CANARY",
        ),
        (
            (
                "Titolo,Nome,Secondo nome,Cognome,Società,Posizione,Via (uff.),Fax (uff.),Ufficio,Telefono assistente,"
                "Indirizzo posta elettronica,Tipo posta elettronica,Nome visualizzato posta elettronica,"
                "Indirizzo posta elettronica 2,Notes"
            ),
            (
                "Sig.,Jörg,,Müßig,Firma X,Chef,CANARY,030 999999,+49 30 123456,030 888888,j@firma.example,SMTP,CANARY,"
                "j2@firma.example,CANARY"
            ),
        ),
        (
            (
                "Titel,Voornaam,Middelste naam,Achternaam,Bedrijf,Functie,Werkadres straat,Fax op werk,"
                "Telefoon op werk,Telefoon assistent,E-mailadres,E-mailtype,Weergavenaam voor e-mail,E-mailadres 2,Notities"
            ),
            (
                "Dhr.,Jörg,,Müßig,Firma X,Chef,CANARY,030 999999,+49 30 123456,030 888888,j@firma.example,SMTP,CANARY,"
                "j2@firma.example,CANARY"
            ),
        ),
    ],
    ids=["de", "fr", "es", "it", "nl"],
)  # fmt: skip
def test_outlook_in_other_languages(header: str, row: str) -> None:
    body = f"{header}\r\n{row}\r\n".encode("cp1252")
    assert files.format_of(body) == "outlook_csv"
    assert files.only(body) == ReadRow(
        number=1,
        first_name="Jörg",
        last_name="Müßig",
        emails=("j@firma.example", "j2@firma.example"),
        phones=("+49 30 123456",),
        title="Chef",
        company_name="Firma X",
    )


LINKEDIN_ROWS = [
    ["Anna", "Keller", "https://www.linkedin.com/in/anna-keller-1a2b", "", "Nordwerk, GmbH", 'Head of "Buying"', "3 Feb"],
    ["", "", "", "", "", "", "04 Feb 2024"],
    ["", "", "", "", "", "", ""],
    ["Émile", "Durand", "https://www.linkedin.com/in/%C3%A9mile-durand/", "emile@durand.example", "", "", "5 Feb"],
]  # fmt: skip


@pytest.mark.parametrize("notice", [files.LINKEDIN_NOTICE, "", 'Hinweise:\n"Beim Export, siehe unten"\n\n', "\n\n"])
def test_linkedin_with_and_without_its_notice(notice: str) -> None:
    text = notice + files.table(files.LINKEDIN, LINKEDIN_ROWS, ends="\n")
    assert files.format_of(text) == "linkedin_csv"
    first, closed, last = files.rows(text)
    assert first == ReadRow(
        number=1,
        first_name="Anna",
        last_name="Keller",
        profile_urls=("https://linkedin.com/in/anna-keller-1a2b",),
        title='Head of "Buying"',
        company_name="Nordwerk, GmbH",
    )
    assert closed == Rejected(2, "no_identity")
    assert isinstance(last, ReadRow)
    assert (last.number, last.profile_urls) == (4, ("https://linkedin.com/in/émile-durand",))


def test_linkedin_within_its_archive() -> None:
    text = files.LINKEDIN_NOTICE + files.table(files.LINKEDIN, LINKEDIN_ROWS)
    body = files.zipped({"Connections.csv": text, "messages.csv": "CANARY,FROM\n", "Invitations.csv": "From,To\n"})
    assert [row.number for row in files.rows(body, "application/zip")] == [1, 2, 4]


def test_hubspot_is_a_crm_and_gives_contact_data_only() -> None:
    row = {
        "Record ID": "501", "First Name": "Anna", "Last Name": "Keller", "Email": "anna@nordwerk.example",
        "Additional email addresses": "a.k@nordwerk.example;anna@keller.example", "Phone Number": "+49 30 123456",
        "Contact owner": "CANARY", "Lead Status": "CANARY", "Lifecycle Stage": "CANARY", "Job Title": "Einkauf",
        "Associated Company": "Nordwerk GmbH;Andere AG", "Associated Company IDs": "77;78",
        "Recent Deal Amount": "9000",
    }  # fmt: skip
    text = files.table(files.HUBSPOT, [row, {**row, "Record ID": "1.2E+10"}])
    file = files.opened(text, content_type="text/csv")
    assert (file.format, file.privacy_class) == (Format.HUBSPOT_CSV, PrivacyClass.OWNER_ONLY)
    first, second = file.rows()
    assert first == ReadRow(
        number=1,
        first_name="Anna",
        last_name="Keller",
        emails=("anna@nordwerk.example", "a.k@nordwerk.example", "anna@keller.example"),
        phones=("+49 30 123456",),
        title="Einkauf",
        company_name="Nordwerk GmbH",
        source_id="501",
        dropped=(("Associated Company", "further_value"),),
    )
    assert isinstance(second, ReadRow)
    assert (second.source_id, second.dropped[0]) == ("", ("Record ID", "not_an_id"))


def test_salesforce_report_with_its_closing_lines() -> None:
    row = {
        "Salutation": "Ms.", "First Name": "Anna", "Last Name": "Keller", "Title": "CFO",
        "Account Name": "Nordwerk GmbH", "Mailing Street": "CANARY", "Phone": "+49 30 123456", "Email": "anna@nordwerk.example",
        "Contact ID": "0035e00000AbCdE", "Opportunity Amount": "9000",
    }  # fmt: skip
    long_id = {"Last Name": "Weber", "Contact ID": "0035e00000AbCdEAAV"}
    text = files.table(files.SALESFORCE, [row, long_id])
    text += '""\r\n"Contacts of the North"\r\n"Copyright (c) 2024 salesforce.com, inc."\r\n"Generated By: CANARY"\r\n'
    file = files.opened(text, content_type="text/csv")
    assert (file.format, file.privacy_class) == (Format.SALESFORCE_CSV, PrivacyClass.OWNER_ONLY)
    first, second = file.rows()
    assert isinstance(first, ReadRow)
    assert isinstance(second, ReadRow)
    assert (first.title, first.company_name, first.last_name) == ("CFO", "Nordwerk GmbH", "Keller")
    assert first.source_id == second.source_id == "0035e00000AbCdEAAV"


@pytest.mark.parametrize(
    "header", [files.GOOGLE, files.GOOGLE_OLD, files.OUTLOOK, files.LINKEDIN, files.HUBSPOT, files.SALESFORCE]
)
def test_columns_outside_the_list_give_nothing(header: list[str]) -> None:
    """Every column in turn holds a mark; only those of the list may show it."""
    allowed = {
        "First Name",
        "Middle Name",
        "Last Name",
        "Name",
        "Given Name",
        "Additional Name",
        "Family Name",
        "Organization Name",
        "Organization Title",
        "Organization 1 - Name",
        "Organization 1 - Title",
        "Job Title",
        "Company",
        "Position",
        "Associated Company",
        "Account Name",
        "Title",
    }
    if header is files.OUTLOOK:
        allowed.remove("Title")
    identity = {"First Name": "Anna", "Last Name": "Keller", "Given Name": "Anna", "Family Name": "Keller"}
    for column in header:
        if "mail" in column.lower() and "Label" not in column and "Type" not in column:
            continue  # a mark is no address: such a row is refused
        cells = dict.fromkeys(header, "") | {k: v for k, v in identity.items() if k in header}
        cells[column] = "CANARY"
        shown = "CANARY" in str(files.only(files.table(header, [cells])).to_dict())
        assert shown == (column in allowed and column != "Name"), column
