"""Which program wrote a CSV file, by its key columns, and which of our fields each of its columns gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.port import PrivacyClass
from chalicelib.domain.imports.parsing import crm_columns, crm_words, own_columns
from chalicelib.domain.imports.parsing.column_names import normalised
from chalicelib.domain.imports.parsing.columns import MAPPABLE, Field, can_identify, known, settled
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.names import clean, without_addresses
from chalicelib.domain.imports.parsing.wordlists import words
from chalicelib.domain.redaction.mentions import holds_identifier
from chalicelib.domain.sources.provenance import Format

_LONGEST_NAME = 100  # characters of a column's name, where a job tells of it
_MANY_NAMES, _SHORT_NAME = 100, 20  # more names than that are told shorter: a job's row has 400 KB for all


def named(text: str) -> Format | None:
    """Return the format called `text`, with or without `_csv`; None for `auto`. FileRefused(unknown_format) for others."""
    name = text.strip().lower()
    if name in ("auto", ""):
        return None
    for candidate in (name, f"{name}_csv"):
        if candidate in Format._value2member_map_:
            return Format(candidate)
    raise FileRefused("unknown_format")


@dataclass(frozen=True)
class Layout:
    """One file's columns: (index, field) of those that are read, in the order of the file; `names` are those of all, as the
    file writes them.

    `privacy_class`: who may see what its rows alone say, by its columns and by how it is read; the narrower counts.
    """

    format: Format
    columns: tuple[tuple[int, Field], ...]
    names: tuple[str, ...]
    privacy_class: PrivacyClass
    undecided: bool = False  # it is its member's alone only because it may be a CRM's

    def shareable(self) -> "Layout":
        """Return the layout as that of a file which is no CRM's, unless it is known to be one's."""
        if not self.undecided:
            return self
        fmt = Format.GENERIC_CSV if self.format is Format.CRM_CSV else self.format
        return replace(self, format=fmt, privacy_class=fmt.privacy_class, undecided=False)

    def with_rows(self, rows: Iterable[Sequence[str]], wanted: Format | None) -> "Layout":
        """Return the layout of a file which begins with these rows: that of a CRM's, or of what may be one's, by their ids."""
        told = crm_columns.by_ids(rows)
        unsure = self.format in (Format.GENERIC_CSV, Format.MAPPED_CSV) and self.privacy_class is PrivacyClass.SHAREABLE
        if not (told or (told is None and unsure)):
            return self
        fmt = Format.CRM_CSV if self.format is Format.GENERIC_CSV and wanted is None else self.format
        return replace(self, format=fmt, privacy_class=PrivacyClass.OWNER_ONLY, undecided=told is None)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)

    def used(self) -> list[tuple[str, str | None]]:
        """Return each column's name, also where it is empty, and the field that it gives; None for one that is not read."""
        fields = dict(self.columns)
        return [(name, fields.get(i)) for i, name in enumerate(self.names)]


_GOOGLE = words(
    "file as|organization name|labels|phonetic first name|email 1 label|email 1 type|email 1 value|phone 1 value", "|"
)
_HUBSPOT = words(
    """record id|datensatz id|id de registro|id del registro|id do registro|id de fiche|id de la fiche
    |id de fiche d informations|id de la fiche d informations|id de l enregistrement|id record|id del record|record id contact
    |id rekordu|id zaznamu|レコートid|记录 id|記錄 id""",
    "|",
)  # in Japanese without the mark on the last sign, as names are compared
_SALESFORCE_IDS = words("contact id|contact id 18|contactid|case safe id|case safe contact id", "|")
_CONNECTED = words(
    "connected on|verbunden am|connexion etablie le|fecha de conexion|data collegamento|verbonden op", "|"
)
_OUTLOOK = words(
    """given yomi|surname yomi|email display name|business phone|business street|home street
    |office location|internet free busy|telefon geschaftlich|email angezeigter name|weitere vornamen|land region geschaftlich|buro
    |nom complet de l adresse de messagerie|telephone bureau|rue bureau|deuxieme prenom|type de messagerie
    |nombre de pantalla de correo electronico|yomi especificada|telefono del trabajo|calle del trabajo
    |nome visualizzato posta elettronica|tipo posta elettronica|via uff|secondo nome|telefoon op werk
    |weergavenaam voor email|emailtype|werkadres straat|middelste naam""",
    "|",
)
# Columns that mean a phone in Outlook's own exports alone: elsewhere the words say office, dwelling, private.
_OUTLOOK_PHONES = {
    "ufficio": Field.PHONE,
    "abitazione": Field.PHONE,
    "particular": Field.PHONE,
    "telefono auto": Field.PHONE,
}


def recognise(header: Sequence[str], wanted: Format | None = None) -> Layout | None:
    """Return the layout of a file with these column names; None where they name no columns of people."""
    names = [normalised(cell) for cell in header]
    detected = _detected(header)
    fmt = wanted or detected
    if fmt is Format.IKO_EXPORT:
        return _layout(fmt, header, own_columns.fields(names), detected) if detected is fmt else None
    fields = settled([_special(name, fmt) or known(name) for name in names])
    if fmt is Format.OUTLOOK_CSV and names.count("title") == 1:
        # A form of address even where `Job Title` is missing.
        fields = [None if name == "title" else field for name, field in zip(names, fields, strict=True)]
    if not can_identify(fields):
        return None
    return _layout(fmt, header, fields, detected, wanted)


def mapped(header: Sequence[str], mapping: Mapping[str, Field]) -> Layout | None:
    """Return the layout of a file read by a member's own mapping of column names.

    None where `header` has none of the names that can identify a person.
    """
    wanted = {normalised(name): field for name, field in mapping.items()}
    names = [normalised(cell) for cell in header]
    fields = [wanted.get(name) if name else None for name in names]
    if not set(fields) - {None, Field.TITLE, Field.COMPANY}:
        return None
    return _layout(Format.MAPPED_CSV, header, fields, _detected(header))


def checked_mapping(mapping: Mapping[str, str]) -> dict[str, Field]:
    """Return the mapping with our own fields. FileRefused(bad_mapping) where it fits no file at all."""
    allowed = {field.value: field for field in MAPPABLE}
    fields: dict[str, Field] = {}
    for name, value in mapping.items():
        if value not in allowed or not normalised(name) or holds_identifier(name):
            raise FileRefused("bad_mapping")
        fields[name] = allowed[value]
    single = [field for field in fields.values() if not field.holds_many]
    if len(single) != len(set(single)) or len({normalised(name) for name in fields}) != len(fields):
        raise FileRefused("bad_mapping")
    if not set(fields.values()) - {Field.TITLE, Field.COMPANY}:
        raise FileRefused("bad_mapping")
    return fields


def _layout(
    fmt: Format, header: Sequence[str], fields: Sequence[Field | None], detected: Format, wanted: Format | None = None
) -> Layout:
    columns = tuple((i, field) for i, field in enumerate(fields) if field is not None)
    classes = (fmt.privacy_class, detected.privacy_class)
    narrower = PrivacyClass.OWNER_ONLY if PrivacyClass.OWNER_ONLY in classes else PrivacyClass.SHAREABLE
    asked = wanted is not None and wanted.privacy_class is PrivacyClass.OWNER_ONLY
    undecided = detected is Format.CRM_CSV and not asked and not crm_columns.surely(header)
    return Layout(fmt, columns, tuple(told_name(cell, len(header)) for cell in header), narrower, undecided)


def told_name(name: str, among: int = 1) -> str:
    """Return a column's name as a job tells of it, which has room for so many: it may be a row of somebody, where a file has no
    names of columns."""
    longest = _LONGEST_NAME if among <= _MANY_NAMES else _SHORT_NAME
    told = without_addresses(name)[0]
    return ("[…]" if not told or holds_identifier(told) else told)[:longest] if clean(name) else ""


def _detected(header: Sequence[str]) -> Format:
    names = frozenset(map(normalised, header))
    if own_columns.is_ours(names):
        return Format.IKO_EXPORT
    surely = _crm(header, names) or _address_book(names)
    return surely or (Format.CRM_CSV if crm_columns.perhaps(header) else Format.GENERIC_CSV)


def _crm(header: Sequence[str], names: frozenset[str]) -> Format | None:
    if names & _HUBSPOT and any(known(name) for name in names):
        return Format.HUBSPOT_CSV
    if names & crm_words.ACCOUNT_NAMES or names & _SALESFORCE_IDS or {"accountid", "lastname"} <= names:
        return Format.SALESFORCE_CSV
    return Format.CRM_CSV if crm_columns.surely(header) else None


def _address_book(names: frozenset[str]) -> Format | None:
    if names & _CONNECTED or {"first name", "url", "position"} <= names:
        return Format.LINKEDIN_CSV
    if len(names & _GOOGLE) > 1 or {"given name", "family name", "group membership"} <= names:
        return Format.GOOGLE_CSV_OLD if "given name" in names else Format.GOOGLE_CSV
    return Format.OUTLOOK_CSV if len(names & _OUTLOOK) > 1 else None


def _special(name: str, fmt: Format) -> Field | None:
    """What a column means in this format alone."""
    if fmt is Format.OUTLOOK_CSV:
        return _OUTLOOK_PHONES.get(" ".join(word for word in name.split() if not word.isdigit()))
    if fmt is Format.HUBSPOT_CSV and name in _HUBSPOT:
        return Field.SOURCE_ID
    if fmt is Format.SALESFORCE_CSV and (name in _SALESFORCE_IDS or name == "id"):
        return Field.SOURCE_ID
    return Field.URL if fmt is Format.LINKEDIN_CSV and name == "url" else None
