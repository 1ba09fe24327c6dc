"""What the columns of contact files are called, in the languages that exporting programs speak.

A name is compared without case, accents and punctuation; the number in `E-mail 2 Address` counts for nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

from chalicelib.domain.imports.parsing.names import clean


class Field(StrEnum):
    """What a column may give to a row: the allow-list of an import. Everything else is dropped as it is read."""

    FIRST = "first_name"
    LAST = "last_name"
    FULL = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    URL = "profile_url"
    TITLE = "title"
    COMPANY = "company_name"
    MIDDLE = "middle_name"
    WEBSITE = "website"  # read only where it is a person's profile
    SOURCE_ID = "source_id"
    NAME = "name"  # a part of the name or all of it: the columns beside decide
    TITLE_OR_ADDRESS = "title_or_address"  # job title, or Dr. and Mrs: the columns beside decide

    @property
    def holds_many(self) -> bool:
        """Whether several columns may give values to it."""
        return self in (Field.EMAIL, Field.PHONE, Field.URL, Field.WEBSITE)


# What a member's own mapping may name.
MAPPABLE = (Field.FIRST, Field.LAST, Field.FULL, Field.EMAIL, Field.PHONE, Field.URL, Field.TITLE, Field.COMPANY)
_NAMES = frozenset({Field.FIRST, Field.LAST, Field.FULL, Field.NAME})

_WORDS = {
    Field.FIRST: """first name|firstname|first|given name|givenname|forename|vorname|rufname|prenom|voornaam|roepnaam
        |fornavn|fornamn|etunimi|imie|primeiro nome|nome proprio|nombre de pila|primer nombre|nombres|jmeno|prenume
        |keresztnev""",
    Field.MIDDLE: """middle name|middlename|additional name|weitere vornamen|zweiter vorname|deuxieme prenom
        |segundo nombre|secondo nome|middelste naam|tussenvoegsel""",
    Field.LAST: """last name|lastname|last|family name|familyname|surname|sur name|nachname|familienname|zuname
        |nom de famille|apellidos|apellido|primer apellido|cognome|achternaam|familienaam|efternavn|etternavn|efternamn
        |sukunimi|nazwisko|sobrenome|apelido|prijmeni""",
    Field.FULL: """full name|fullname|display name|contact name|nom complet|nombre completo|nome completo|volledige naam
        |weergavenaam|vollstandiger name|anzeigename|kontaktname|vor und nachname|ansprechpartner|nome e cognome
        |nombre y apellidos|nome visualizzato""",
    Field.NAME: "name|nom|nombre|nome|naam|navn|namn|nimi",
    Field.EMAIL: """email|email address|email value|mail|mail address|email addresses|primary email|secondary email
        |work email|business email|home email|personal email|other email|email work|email home
        |additional email addresses|alternate email|email adresse|mailadresse|mail adresse|adresse email|adresse mail
        |courriel|adresse de messagerie|adresse electronique|correo|correo electronico|direccion de correo electronico
        |direccion del correo electronico|direccion de correo|direccion de email|posta elettronica
        |indirizzo posta elettronica|indirizzo di posta elettronica|indirizzo email|email primaria|email secondaria
        |emailadres|mailadres|epost|epostadress|epostadresse|sahkoposti|sahkopostiosoite|adres email
        |endereco de email""",
    Field.PHONE: """phone|phone number|phone value|telephone|telephone number|tel|mobile|mobile phone|mobile number
        |mobile phone number|cell|cell phone|cellphone|work phone|business phone|office phone|home phone|direct phone
        |direct line|primary phone|other phone|car phone|company main phone|telefon|telefonnummer|telefon geschaftlich
        |telefon privat|telefon firma|mobil|mobiltelefon|mobiltelefonnummer|mobilnummer|handy|handynummer
        |weiteres telefon|haupttelefon|autotelefon|telephone bureau|telephone domicile|telephone mobile
        |telephone portable|portable|telephone autre|telephone principal|telephone voiture|telephone societe
        |telephone professionnel|telephone personnel|tel mobile|tel portable|tel bureau|numero de telephone|telefono
        |telefono del trabajo|telefono movil|movil|celular|telefono particular|otro telefono|telefono principal
        |numero de telefono|numero de movil|telefono principale|altro telefono|cellulare|telefono cellulare
        |telefono ufficio|telefono abitazione|telefono lavoro|telefono casa|numero di telefono|numero cellulare
        |telefoon|telefoonnummer|telefoon op werk|telefoon werk|telefoon thuis|mobiele telefoon|mobiel|andere telefoon
        |hoofdtelefoon|hoofdtelefoon bedrijf|telefone|telemovel|puhelin|matkapuhelin""",
    Field.URL: """linkedin|linkedin url|linkedin profile|linkedin profile url|linkedin profil|person linkedin url
        |profile url|profil url|xing|xing url|xing profil|xing profile|twitter|twitter url|bluesky|social profile""",
    Field.WEBSITE: """url|website|web site|website value|website url|web page|personal web page|webseite|homepage
        |page web|site web|pagina web|webpagina|sitio web|sito web""",
    Field.TITLE: """job title|jobtitle|position|job position|organization title|funktion|berufsbezeichnung
        |stellenbezeichnung|jobtitel|fonction|poste|intitule du poste|puesto|puesto de trabajo|cargo|posizione
        |qualifica|mansione|functie|functietitel|stilling|befattning""",
    Field.TITLE_OR_ADDRESS: "title|titel|titre|titulo|titolo",
    Field.COMPANY: """company|company name|organization|organisation|organization name|organisation name|account name
        |employer|associated company|primary associated company|firma|firmenname|unternehmen|arbeitgeber|societe
        |entreprise|nom de l entreprise|nom de la societe|compania|empresa|nombre de la empresa|organizacion|societa
        |azienda|ditta|nome azienda|organizzazione|bedrijf|bedrijfsnaam|organisatie|werkgever|virksomhed|foretag
        |yritys""",
}  # fmt: skip
_KNOWN = {word.strip(): field for field, words in _WORDS.items() for word in words.split("|")}


def normalised(header: str) -> str:
    """The header in the form that names are compared in: words of letters and digits, without accents and case."""
    if header.isascii():
        plain = header
    else:
        decomposed = unicodedata.normalize("NFKD", clean(header))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", " ", plain.casefold()).strip()
    return re.sub(r"\be (mail|post)", r"e\1", words)


def known(header: str) -> Field | None:
    """The field of a column with that normalised name, or None."""
    field = _KNOWN.get(header)
    if field is None and any(c.isdigit() for c in header):
        field = _KNOWN.get(" ".join(word for word in header.split() if not word.isdigit()))
        return None if field in _NAMES else field
    return field


def settled(fields: Sequence[Field | None]) -> list[Field | None]:
    """The fields with those decided that depend on the columns beside."""
    return _titles(_name_parts(fields))


def _name_parts(fields: Sequence[Field | None]) -> list[Field | None]:
    first, last = Field.FIRST in fields, Field.LAST in fields
    part = Field.LAST if first and not last else Field.FIRST if last and not first else Field.FULL
    return [part if field is Field.NAME else field for field in fields]


def _titles(fields: Sequence[Field | None]) -> list[Field | None]:
    unsure = [i for i, field in enumerate(fields) if field is Field.TITLE_OR_ADDRESS]
    # French Outlook has two columns `Titre`, the job title behind the form of address.
    chosen = None if Field.TITLE in fields or not unsure else unsure[-1]
    return [
        Field.TITLE if i == chosen else None if field is Field.TITLE_OR_ADDRESS else field
        for i, field in enumerate(fields)
    ]


def can_identify(fields: Iterable[Field | None]) -> bool:
    """Whether rows with these columns can be told to be people: an address, a profile, or a name with something
    beside it."""
    have = set(fields)
    named = bool(have & {Field.FIRST, Field.LAST, Field.FULL})
    beside = bool(have & {Field.PHONE, Field.COMPANY, Field.TITLE, Field.WEBSITE})
    return bool(have & {Field.EMAIL, Field.URL}) or {Field.FIRST, Field.LAST} <= have or (named and beside)
