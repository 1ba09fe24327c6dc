"""Whether a file is a CRM's export: by the names of its columns in any language, by how they are built, and by its ids."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from chalicelib.domain.imports.parsing import crm_words
from chalicelib.domain.imports.parsing.column_names import normalised
from chalicelib.domain.imports.parsing.columns import Field, known

_BRACKETED = re.compile(r"\s*[(\[{<【「]([^()\[\]{}<>【】「」]+)[)\]}>】」]\s*\S")
_HIDDEN = 3  # leading columns of Dynamics 365: the record's id, the sum of its row, when it was modified
_LOCKED = re.compile(
    r"\b(do not|don t|nicht|ne pas|no|non|niet|nao|nie|inte|ikke|ej|undlad|ne|nu|ala|arge|не|μην|khong|jangan)\b.*"
    r"\b(modi[fv]|modyf|ander|verander|bearbeit|wijzig|bewerk|alter|cambi|edit|edyt|zmien|meni|uprav|andra|redig|endre|ændre|"
    r"muut|muok|modos|izmen|измен|менят|змин|промен|редакт|τροποποι|αλλα|mijenja|spremin|keis|sua doi|ubah)"
)
_PATH = re.compile(r"\s*[a-z][a-z0-9_]*_ids?/[a-z0-9_./]+\s*")  # of Odoo's fields: `parent_id/id`
_EXTERNAL_ID = re.compile(r"(__export__\.\w|(\w+\.)?res_partner_\w)", re.ASCII)
_GUID = re.compile(r"[{]?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[}]?", re.ASCII | re.IGNORECASE)
_SALESFORCE_ID = re.compile(r"(?=\S*[A-Za-z])(003|00Q|001|005)[A-Za-z0-9]{12}([A-Z0-5]{3})?")
_CLOSE_ID = re.compile(r"(cont|lead)_[A-Za-z0-9]{20,}")
_NAMES = frozenset({Field.FIRST, Field.LAST, Field.FULL, Field.NAME})


def surely(header: Sequence[str]) -> bool:
    """Return whether no other program than a CRM writes columns of these names."""
    names = [normalised(cell) for cell in header]
    return (
        not crm_words.SURE.isdisjoint(names)
        or any(word in name for name in names for word in crm_words.CHECKSUMS)
        or any(map(_PATH.fullmatch, header))
        or _is_locked(header)
        or max(_owners(header, names).values(), default=0) > 1
    )


def perhaps(header: Sequence[str]) -> bool:
    """Return whether columns of these names may be a CRM's."""
    names = [normalised(cell) for cell in header]
    return surely(header) or any(map(_is_a_crms, names)) or _named_alike(header)


def by_ids(rows: Iterable[Sequence[str]]) -> bool | None:
    """Return whether these rows have ids as a CRM alone gives them; None where they may have: the first cell of each is a
    GUID."""
    kept = [[cell.strip() for cell in row] for row in rows if any(row)]
    if any(_is_an_id(cell) for row in kept for cell in row):
        return True
    return None if kept and all(_GUID.fullmatch(row[0]) for row in kept) else False


def _is_an_id(cell: str) -> bool:
    return any(form.match(cell) for form in (_EXTERNAL_ID, _CLOSE_ID)) or bool(_SALESFORCE_ID.fullmatch(cell))


def _is_a_crms(name: str) -> bool:
    if name in crm_words.WHOLE or name in crm_words.SURE or any(word in name for word in crm_words.UNSPACED):
        return True
    parts = name.split()
    first, *rest = parts or [""]
    spoken = {" ".join(parts[i : i + n]) for n in range(1, 4) for i in range(len(parts))}
    owned = first in crm_words.PERSONS and bool(rest)  # `Person - Name`, `deal_stage`
    return owned or not spoken.isdisjoint(crm_words.PHRASES) or _is_a_records(name, frozenset(parts))


def _is_a_records(name: str, parts: frozenset[str]) -> bool:
    """Whether it is the id of a record: `Datensatz-ID`, `ID de la fiche`, `recordid`, `Salesperson/External ID`."""
    if name.endswith("id") and name[:-2] in crm_words.RECORDS:
        return True
    if not parts.isdisjoint(crm_words.IDS):
        others = parts - crm_words.IDS - crm_words.BESIDE_IDS
        return (bool(others) and others <= crm_words.RECORDS) or not parts.isdisjoint(crm_words.EXTERNAL)
    return "id" in name and any(word in name for word in crm_words.UNSPACED_RECORDS)


def _is_locked(header: Sequence[str]) -> bool:
    """Whether columns say in brackets that they are not to be changed, or the first three begin with the same words in
    brackets, as those of Dynamics 365 do in every language."""
    bracketed = [_in_brackets(cell) for cell in header]
    if any(_LOCKED.search(text) or any(word in text for word in crm_words.LOCKED) for text in bracketed):
        return True
    return len(bracketed) > _HIDDEN and bool(bracketed[0]) and len(set(bracketed[:_HIDDEN])) == 1


def _in_brackets(cell: str) -> str:
    found = _BRACKETED.match(unicodedata.normalize("NFKC", cell))
    return normalised(found[1]) if found else ""


def _owners(header: Sequence[str], names: Sequence[str]) -> Counter[str]:
    """How many columns begin with each word for a person: Pipedrive writes `Person - ` before all of them."""
    return Counter(
        person
        for cell, name in zip(header, names, strict=True)
        for person in (normalised(cell.partition(" - ")[0]) if " - " in cell else name.partition(" ")[0],)
        if person in crm_words.PERSONS and name != person
    )


def _named_alike(header: Sequence[str]) -> bool:
    """Whether columns begin with the same unknown words and a dash, and one of them goes on with a name."""
    parted = [(normalised(own), normalised(rest)) for own, dash, rest in (c.partition(" - ") for c in header) if dash]
    counts = Counter(own for own, _ in parted)
    return any(
        counts[own] > 1 and own and known(own) is None and not re.search(r"\d", own) and known(rest) in _NAMES
        for own, rest in parted
    )
