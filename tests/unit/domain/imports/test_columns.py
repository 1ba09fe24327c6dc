"""Columns in every language, those of other CRMs, and what a file tells of the columns that it gives nothing of."""

from typing import Any

import pytest

from chalicelib.connectors.port import PrivacyClass
from chalicelib.core import clock
from chalicelib.domain.imports.parsing import layouts
from chalicelib.domain.imports.parsing.rows import ReadRow
from chalicelib.domain.work.model import DROPS_KEPT, REJECTIONS_KEPT, FileRead, JobPayload, JobType, Tally
from tests.unit.domain.imports import files


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Vorname,Nachname,Primäre E-Mail-Adresse,Tel. dienstlich,Arbeitstitel,Organisation", "de"),
        ("Prénom,Nom de famille,Première adresse électronique,Tél. professionnel,Fonction,Société", "fr"),
        ("Nombre,Apellidos,Correo electrónico principal,Tel. trabajo,Cargo,Organización", "es"),
        ("Nome,Cognome,Indirizzo email primario,Tel. lavoro,Qualifica,Organizzazione", "it"),
        ("Voornaam,Achternaam,Primair e-mailadres,Telefoon werk,Functie,Organisatie", "nl"),
        ("Nome,Apelido,Email principal,Telefone do trabalho,Cargo,Empresa", "pt"),
        ("Nome,Sobrenome,E-mail primário,Telefone comercial,Cargo,Empresa", "pt-BR"),
        ("Imię,Nazwisko,Podstawowy adres e-mail,Telefon służbowy,Stanowisko,Organizacja", "pl"),
        ("Jméno,Příjmení,Primární e-mail,Telefon do práce,Pracovní zařazení,Společnost", "cs"),
        ("Meno,Priezvisko,Primárny e-mail,Telefón do práce,Pracovné zaradenie,Spoločnosť", "sk"),
        ("Förnamn,Efternamn,Primär e-postadress,Arbetstelefon,Befattning,Företag", "sv"),
        ("Etunimi,Sukunimi,Ensisijainen sähköposti,Työpuhelin,Työnimike,Yritys", "fi"),
        ("Keresztnév,Vezetéknév,Elsődleges e-mail,Munkahelyi telefon,Beosztás,Cég", "hu"),
        ("Prenume,Nume,Email principal,Telefon serviciu,Funcția,Companie", "ro"),
        ("Имя,Фамилия,Адрес электронной почты,Рабочий телефон,Должность,Организация", "ru"),
        ("Ad,Soyadı,Birincil e-posta,İş Telefonu,Unvan,Şirket", "tr"),
        ("名,姓,電子メール アドレス,会社電話,役職,会社名", "ja"),
        ("名,姓,电子邮件地址,商务电话,职务,单位", "zh"),
        ("名字,姓氏,電子郵件地址,商務電話,職稱,公司", "zh-TW"),
        ("이름,성,전자 메일 주소,근무처 전화,직함,회사", "ko"),
        ("Όνομα,Επώνυμο,Διεύθυνση email,Κινητό τηλέφωνο,Θέση,Εταιρεία", "el"),
        ("Όνομα,Επώνυμο,Διεύθυνση e-mail,Τηλέφωνο εργασίας,Τίτλος εργασίας,Εταιρεία", "el"),
        ("Ім'я,Прізвище,Адреса електронної пошти,Мобільний телефон,Посада,Компанія", "uk"),
        ("Име,Фамилия,Имейл адрес,Мобилен телефон,Длъжност,Фирма", "bg"),
        ("Ime,Prezime,Adresa e-pošte,Poslovni telefon,Radno mjesto,Tvrtka", "hr"),
        ("Förnamn,Efternamn,Sekundär e-post,Hemtelefon,Jobbtitel,Organisation", "sv, as a word alone"),
        ("Utónév,Vezetéknév,Másodlagos e-mail cím,Hivatali telefon,Beosztás,Cég", "hu, as Outlook calls them"),
        ("firstName,lastName,alternateEmail1,cellPhone,jobTitle,companyDisplayName", "names of fields"),
        ("person.firstName,person.lastName,person.email,Direct Dial,jobTitle,org", "an interface's"),
        ("firstName,lastName,emailAddress,phoneNumber,jobTitle,companyName", "camel case"),
        ("FIRST_NAME,LAST_NAME,E_MAIL_1,PHONE_1,JOB_TITLE,COMPANY_NAME", "snake case"),
    ],
)
def test_columns_are_known_in_every_language(header: str, cells: str) -> None:
    row = files.only(f"{header}\nAnna,Keller,anna@x.example,+49 30 1234567,Buyer,Nordwerk\n")
    assert row == ReadRow(
        1, "Anna", "Keller", ("anna@x.example",), ("+49 30 1234567",), (), "Buyer", "Nordwerk"
    ), cells  # fmt: skip


def test_a_row_keeps_every_value_of_a_sales_navigator_export() -> None:
    text = (
        "profileUrl,fullName,firstName,lastName,companyName,title,companyUrl,location,defaultProfileUrl,emailAddress\n"
        '"https://www.linkedin.com/sales/lead/ACwAAB1,NAME_SEARCH,x1",Anna Keller,Anna,Keller,Nordwerk,Buyer,'
        "https://www.linkedin.com/sales/company/1,Berlin,https://www.linkedin.com/in/anna-keller,anna@x.example\n"
    )
    row = files.only(text)
    assert (row.company_name, row.title, row.emails) == ("Nordwerk", "Buyer", ("anna@x.example",))
    assert "https://linkedin.com/in/anna-keller" in row.profile_urls
    with files.opened(text) as file:
        assert dict(file.columns)["location"] is None
        assert dict(file.columns)["emailAddress"] == "email"


def test_numbers_of_a_router_are_kept() -> None:
    row = files.only(
        '"Name","Vorname","Rufnummer Privat","Rufnummer Arbeit","Rufnummer Mobil"\n'
        '"Keller","Anna","030 1234567","","0170 7654321"\n'
    )
    assert (row.first_name, row.last_name, row.phones) == ("Anna", "Keller", ("030 1234567", "0170 7654321"))


@pytest.mark.parametrize(
    "header",
    [
        "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,Full Name,Email,Company Name",
        "Person ID,Name,Email,Organization",
        "First Name,Last Name,Email,Salesperson,Is a Company",
        "First Name,Last Name,Email,Assigned User,Opted Out",
        "Contact Owner,First Name,Last Name,Email,Lead Source",
        "First Name,Last Name,Email,Assigned To,Reports To",
        "Copper ID,Name,Email,Owned By",
        "lead_id,lead_name,first_name,last_name,email",
        "First name,Last name,Email,Sales accounts,Lifecycle stage",
        "RecordId,FirstName,LastName,Email,ContactOwner",
        "Party Type,First Name,Last Name,Email,Owner",
    ],
)
def test_what_may_be_the_file_of_a_crm_is_its_members_alone(header: str) -> None:
    with files.opened(f"{header}\n" + "x," * header.count(",") + "x\n") as file:
        assert file.privacy_class is PrivacyClass.OWNER_ONLY
    with files.opened("First Name,Last Name,Email,Birthday,Notes\nAnna,Keller,a@x.example,,\n") as file:
        assert file.privacy_class is PrivacyClass.SHAREABLE


def _file(header: str, **more: Any) -> tuple[str, PrivacyClass]:
    with files.opened(f"{header}\n" + "x," * header.count(",") + "x\n", shareable=True, **more) as file:
        return file.format, file.privacy_class


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Email,Owner",
        "Vorname,Nachname,E-Mail,Besitzer",
        "Prénom,Nom,Courriel,Propriétaire",
        "Name,Email,Deal Stage,Pipeline",
        "Full name,Email,Created by,Last contacted",
    ],
)
def test_a_member_may_say_that_a_file_is_no_crms(header: str) -> None:
    assert _file(header) == ("generic_csv", PrivacyClass.SHAREABLE)
    mapping = {name: "email" for name in header.split(",") if "ail" in name or "Courriel" in name}
    assert _file(header, mapping=mapping) == ("mapped_csv", PrivacyClass.SHAREABLE)
    assert _file(header, format="crm_csv")[1] is PrivacyClass.OWNER_ONLY, "the member says both"


@pytest.mark.parametrize(
    "header",
    [
        "Record ID,First Name,Last Name,Email,Lifecycle Stage",
        "First Name,Last Name,Account Name,Email",
        "(Do Not Modify) Contact,Full Name,Email",
        "Person - Name,Person - Email,Person - Phone,Name,Email",
        "First Name,Last Name,Email,Salesperson,Is a Company",
        "Contact Owner,First Name,Last Name,Email,Lead Source",
        "First Name,Last Name,Email,Assigned To,Reports To",
        "Copper ID,Name,Email,Owned By",
        "lead_id,lead_name,first_name,last_name,email",
        "Party Type,First Name,Last Name,Email,Owner",
    ],
)
def test_a_crms_own_file_stays_private_whatever_its_member_says(header: str) -> None:
    assert _file(header)[1] is PrivacyClass.OWNER_ONLY
    assert _file(header, mapping={"Email": "email"})[1] is PrivacyClass.OWNER_ONLY
    assert _file(header, format="generic_csv")[1] is PrivacyClass.OWNER_ONLY


@pytest.mark.parametrize(
    "header",
    [
        "Name,Vorname,Telefon Festnetz,Telefon Mobil,Telefon Büro",
        "Nom,Prénom,Tél. fixe,Tél. mobile,Tél. travail",
        "Cognome,Nome,Telefono fisso,Cellulare,Telefono ufficio",
        "Apellidos,Nombre de pila,Teléfono fijo,Móvil,Teléfono oficina",
        "Last name,First name,Home number,Mobile number,Work number",
        "Achternaam,Voornaam,Vast nummer,Mobiel nummer,Nummer werk",
        "Nazwisko,Imię,Telefon stacjonarny,Telefon komórkowy,Telefon do pracy",
        "姓,名,固定電話,携帯電話,勤務先電話",
        "LAST_NAME,FIRST_NAME,PHONE_1,PHONE_2,PHONE_3",
    ],
)
def test_numbers_are_kept_whatever_a_device_calls_them(header: str) -> None:
    row = files.only(f"{header}\nKeller,Anna,030 1234567,0170 7654321,030 7654321\n")
    assert (row.first_name, row.last_name) == ("Anna", "Keller")
    assert row.phones == ("030 1234567", "0170 7654321", "030 7654321")


@pytest.mark.parametrize(
    "header",
    [
        "Name,Number",
        "Name,Nummer",
        "Nombre,Número",
        "Nom,Numéro",
        "Όνομα,Αριθμός",
        "Imię i nazwisko,Numer",
        "名前,番号",
    ],
)
def test_a_number_beside_a_name_alone_is_a_phones(header: str) -> None:
    row = files.only(f"{header}\nAnna Keller,030 1234567\n")
    assert (row.last_name or row.first_name, row.phones) == (
        "Keller" if row.last_name else "Anna Keller",
        ("030 1234567",),
    )


@pytest.mark.parametrize("header", ["Number,Name,Email", "Nummer,Name,E-Mail", "Numer,Nazwisko,E-mail"])
def test_a_number_beside_what_identifies_somebody_only_counts(header: str) -> None:
    row = files.only(f"{header}\n4711001234,Anna Keller,anna@example.org\n")
    assert (row.emails, row.phones) == (("anna@example.org",), ())


@pytest.mark.parametrize(
    "header",
    [
        "contact.firstName,contact.lastName,contact.email,contact.phone,contact.company",
        "FIRSTNAME,LASTNAME,EMAILADDRESS,PHONENUMBER,COMPANYNAME",
        "First_Name,Last_Name,Email_Address,Work_Phone,Current_Company",
        "givenName,familyName,primaryEmail,workPhone,employer",
        "LinkedInFirstName,LinkedInLastName,WorkEmail,DirectPhone,CompanyName",
        "first-name,last-name,e-mail-address,mobile-phone,company-name",
        "FirstName,LastName,PrimaryEmail,Phone1,OrgName",
        "First name,Last name,Email addresses,Phone numbers,Company > Company",
    ],
)
def test_names_of_columns_as_programs_spell_them(header: str) -> None:
    row = files.only(f"{header}\nAnna,Keller,anna@x.example,+49 30 1234567,Nordwerk\n")
    assert row == ReadRow(1, "Anna", "Keller", ("anna@x.example",), ("+49 30 1234567",), (), "", "Nordwerk")


@pytest.mark.parametrize(
    "name",
    [
        "Fax number", "Work fax", "Assistant's phone", "Phone type", "House number", "Personal number",
        "Company number", "Hausnummer",
        "Numéro de client", "Numer domu", "E-mail type", "Email opened", "Mobile app", "Spouse's email", "Emergency phone",
    ],
)  # fmt: skip
def test_a_column_that_is_something_else_is_not_read(name: str) -> None:
    with files.opened(f"First Name,Last Name,Email,{name}\nAnna,Keller,a@x.example,030 1234567\n") as file:
        assert dict(file.columns)[name] is None


def test_a_job_has_room_for_whatever_a_file_says() -> None:
    """DynamoDB takes rows of 400 KB."""
    tally = Tally()
    names = [layouts.told_name(chr(0x1F300 + number) * 200, 500) for number in range(500)]
    for row in range(100_000, 100_000 + REJECTIONS_KEPT + 1):
        tally.reject(row, "address_not_storable")
    for row in range(100_000, 100_000 + DROPS_KEPT + 1):
        tally.drop(row, names[row % 500], "already_given")
    read = FileRead(source="import:generic_csv", columns=[(name, "profile_url") for name in names])
    now = clock.now()
    payload = JobPayload(type=JobType.IMPORT, tally=tally, file=read, created_at=now, updated_at=now)
    assert len(payload.model_dump_json().encode()) < 380_000
    assert (tally.rejected_total, tally.dropped_total) == (REJECTIONS_KEPT + 1, DROPS_KEPT + 1)
