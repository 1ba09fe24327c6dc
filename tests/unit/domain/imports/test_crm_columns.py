"""Exports of CRMs in the languages that they speak, told from lists of people in the same ones."""

import pytest

from chalicelib.connectors.port import PrivacyClass
from tests.unit.domain.imports import files

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
ROW = "Anna,Keller,anna@x.example"


def _read(header: str, row: str = "", *, shareable: bool = False) -> tuple[str, PrivacyClass]:
    cells = row or "x," * header.count(",") + "x"
    with files.opened(f"{header}\n{cells}\n", shareable=shareable) as file:
        return file.format, file.privacy_class


@pytest.mark.parametrize(
    ("locked", "sum_of_row", "rest"),
    [
        ("(Nicht ändern) ", "Prüfsumme der Zeile", "Vollständiger Name,E-Mail,Telefon (geschäftlich)"),
        ("(Nicht bearbeiten) ", "Zeilenprüfsumme", "Vollständiger Name,E-Mail"),
        ("(Ne pas modifier) ", "Somme de contrôle de la ligne", "Nom complet,Adresse de messagerie"),
        ("(No modificar) ", "Suma de comprobación de fila", "Nombre completo,Correo electrónico"),
        ("(Non modificare) ", "Checksum riga", "Nome completo,Posta elettronica"),
        ("(Niet wijzigen) ", "Controlesom van rij", "Volledige naam,E-mail"),
        ("(Não Modificar) ", "Soma de Verificação da Linha", "Nome Completo,Email"),
        ("(Nie modyfikuj) ", "Suma kontrolna wiersza", "Imię i nazwisko,Adres e-mail"),
        ("(Ändra inte) ", "Kontrollsumma för rad", "Fullständigt namn,E-post"),
        ("(Må ikke ændres) ", "Kontrolsum", "Fulde navn,E-mail"),
        ("(Ikke endre) ", "Kontrollsum for rad", "Fullt navn,E-post"),
        ("(Älä muuta) ", "Rivin tarkistussumma", "Koko nimi,Sähköposti"),
        ("(Neměnit) ", "Kontrolní součet řádku", "Jméno a příjmení,E-mail"),
        ("(Ne módosítsa) ", "Sor ellenőrzőösszege", "Teljes név,E-mail"),
        ("(Nu modificați) ", "Sumă de control rând", "Nume complet,E-mail"),
        ("(Değiştirmeyin) ", "Satır Sağlama Toplamı", "Ad Soyad,E-posta"),
        ("(Не изменять) ", "Контрольная сумма строки", "Полное имя,Электронная почта"),
        ("（変更しないでください）", "行チェックサム", "氏名,電子メール"),
        ("(请勿修改)", "行校验和", "姓名,电子邮件"),
        ("(수정 금지) ", "행 체크섬", "이름,이메일"),
        ("[Ne spreminjaj] ", "…", "Full Name,Email"),
        ("(لا تغير) ", "…", "Full Name,Email"),
    ],
)
def test_dynamics_tells_in_every_language_not_to_change_its_columns(locked: str, sum_of_row: str, rest: str) -> None:
    hidden = f"{locked}A,{locked}{sum_of_row},{locked}B"
    for header in (f"{hidden},{rest}", f"{rest},{hidden}" if sum_of_row != "…" else f"{hidden},{rest}"):
        assert _read(header) == ("crm_csv", PrivacyClass.OWNER_ONLY)
        assert _read(header, shareable=True)[1] is PrivacyClass.OWNER_ONLY, "no other program writes them"


@pytest.mark.parametrize(
    "header",
    [
        "(Nicht ändern) Kontakt,Vollständiger Name,E-Mail",
        "(Ne pas modifier) Contact,Nom complet,E-mail",
        "(수정 금지) 연락처,이름,성,이메일",
        "Vollständiger Name,E-Mail,Zeilenprüfsumme",
        "Nom complet,E-mail,Somme de contrôle de la ligne",
        "id,name,email,phone,is_company,user_id/id,parent_id/id",
        "id,name,email,category_id/.id",
        "Name,E-Mail,Ist ein Unternehmen,Verkäufer",
        "Nom,E-mail,Vendeur,Est une société",
        "Nome,E-mail,È un'azienda",
        "Anrede,Vorname,Nachname,Accountname,Telefon,E-Mail",
        "Prénom,Nom,Nom du compte,E-mail",
        "Nombre,Apellidos,Nombre de la cuenta,Correo electrónico",
        "Nome,Cognome,Nome account,E-mail",
        "Datensatz-ID,Vorname,Nachname,E-Mail",
        "ID de la fiche,Prénom,Nom,E-mail",
        "ID do registro,Nome,Sobrenome,E-mail",
        "レコードID,名,姓,Eメール",
        "Voornaam,Achternaam,E-mail,Lifecyclefase",
        "Vorname,Nachname,E-Mail,Zuständiger Mitarbeiter für Kontakt",
        "Persona - Nombre,Persona - Correo electrónico - Trabajo",
        "Personne - Nom,Personne - E-mail - Travail",
        "Osoba - Imię i nazwisko,Osoba - E-mail",
        "Контактное лицо - Имя,Контактное лицо - Электронная почта",
        "Name,Email,Phone,Item ID (auto generated)",
    ],
)
def test_what_one_crm_alone_writes_is_private_whatever_its_member_says(header: str) -> None:
    assert _read(header)[1] is PrivacyClass.OWNER_ONLY
    assert _read(header, shareable=True)[1] is PrivacyClass.OWNER_ONLY


@pytest.mark.parametrize(
    "more",
    [
        "Externe ID", "External ID", "ID externe", "ID esterno", "Verkäufer/Externe ID", "Kontakt-ID", "ID contact",
        "ID de contacto", "Identifiant du contact", "Datensatz-ID – Kontakt", "Zugewiesen an", "Assigné à", "Asignado a",
        "Toegewezen aan", "Kontakt zuständig", "Verantwortliche Person", "Persona responsabile", "Ответственный",
        "Właściciel", "Ägare", "Omistaja", "Ιδιοκτήτης επαφής", "Kayıt Sahibi", "所有者", "所有人", "소유자", "Erstellt von",
        "Zuletzt geändert von", "Modifié par", "Creado por", "Gewijzigd door", "Verkaufschancen", "Offene Deals", "Lead-Status",
        "Dernière activité", "Letzte Aktivität", "Disponible pour tous", "Available to everyone", "Disponibile per tutti",
        "owner_id", "kontaktid", "Contact Record ID", "取引先名",
    ],
)  # fmt: skip
def test_what_may_be_a_crms_in_any_language_is_private_unless_its_member_says_else(more: str) -> None:
    header = f"First Name,Last Name,Email,{more}"
    assert _read(header) == ("crm_csv", PrivacyClass.OWNER_ONLY)
    assert _read(header, shareable=True) == ("generic_csv", PrivacyClass.SHAREABLE)


@pytest.mark.parametrize(
    "header",
    [
        "Vorname,Nachname,E-Mail,Firma",
        "Vorname,Nachname,E-Mail,Kontaktperson,Abteilung,Kundennummer,Kontoinhaber,IBAN",
        "Nachname,Vorname,E-Mail,(dienstlich) Telefon,(privat) Telefon,(privat) Ort",
        "Prénom,Nom,Adresse e-mail,Téléphone,Poste,Service,Matricule",
        "Nombre,Apellidos,DNI,Correo electrónico,Cargo,Departamento",
        "Nome,Cognome,Codice fiscale,Email,Ruolo,Azienda",
        "Voornaam,Tussenvoegsel,Achternaam,E-mailadres,Bedrijf,Functie,Personeelsnummer",
        "Imię,Nazwisko,PESEL,E-mail,Stanowisko,Dział",
        "Förnamn,Efternamn,E-post,Befattning,Avdelning",
        "Jméno,Příjmení,Titul,E-mail,Pracovní pozice",
        "Имя,Фамилия,Отчество,Email,Должность,Компания",
        "氏名,フリガナ,会社名,部署,役職,メールアドレス,備考",
        "姓名,部门,职务,手机,邮箱,地址",
        "이름,회사,직책,이메일,전화번호",
        "ID,First Name,Last Name,Email",
        "user_id,name,email",
        "Ticket ID,Order ID,First Name,Last Name,Email,Company",
        "Work - Phone,Work - Email,Home - Phone,Name",
        "(no comment) A,First Name,Last Name,Email",
        "name,email,phone,website,created_at,updated_at",
    ],
)
def test_a_list_of_people_stays_one(header: str) -> None:
    assert _read(header) == ("generic_csv", PrivacyClass.SHAREABLE)


@pytest.mark.parametrize(
    "first",
    ["__export__.res_partner_1", "__export__.res_partner_12_ab12cd34", "base.res_partner_3", "res_partner_address_4",
     "0035g00000AbCdE", "0035g00000AbCdEAAZ", "00Q5g00000AbCdE", "cont_9ZkH4tVv7bGZTxP2hFqNwLs4vXyR"],
)  # fmt: skip
def test_ids_tell_a_crm_where_columns_do_not(first: str) -> None:
    for shareable in (False, True):
        assert _read("id,Vorname,Nachname,E-Mail", f"{first},{ROW}", shareable=shareable) == (
            "crm_csv",
            PrivacyClass.OWNER_ONLY,
        )


def test_a_guid_in_each_row_may_be_a_crms() -> None:
    header = "id,Prénom,Nom,E-mail"
    assert _read(header, f"{GUID},{ROW}")[1] is PrivacyClass.OWNER_ONLY
    assert _read(header, f"{GUID},{ROW}", shareable=True) == ("generic_csv", PrivacyClass.SHAREABLE)
    assert _read(header, f"{GUID},{ROW}\n12,{ROW}")[1] is PrivacyClass.SHAREABLE
    assert _read(header, f"003934712345678,{ROW}")[1] is PrivacyClass.SHAREABLE, "a phone's digits"


def test_a_company_is_read_by_the_name_that_a_report_gives_it() -> None:
    for header in ("Vorname,Nachname,Accountname,E-Mail", "Prénom,Nom,Nom du compte,E-mail"):
        assert files.only(f"{header}\nAnna,Keller,Nordwerk,anna@x.example\n").company_name == "Nordwerk"


def test_marks_over_letters_hide_no_word_of_a_column() -> None:
    row = files.only("Имя,Фамилия,Рабочий e-mail,집 휴대폰\nАнна,Келлер,anna@x.example,+49 30 1234567\n")
    assert row.emails == ("anna@x.example",)
