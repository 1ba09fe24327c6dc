"""The columns of our own exports, by which they are told from every other file, and the field that each gives."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.imports.parsing.columns import Field, known

_CONTACT = {
    "id": Field.SOURCE_ID,
    "first_name": Field.FIRST,
    "last_name": Field.LAST,
    "title": Field.TITLE,
    "company_name": Field.COMPANY,
    "company_id": Field.COMPANY_ID,
    "emails": Field.EMAIL,
    "phones": Field.PHONE,
    "profile_urls": Field.URL,
    "notes": Field.NOTES,
    "opted_out": Field.OPTED_OUT,
}
_COMPANY = {
    "id": Field.SOURCE_ID,
    "name": Field.COMPANY,
    "domain": Field.DOMAIN,
    "industry": Field.INDUSTRY,
    "country": Field.COUNTRY,
    "size": Field.SIZE,
    "tag": Field.TAG,
    "notes": Field.NOTES,
}
_MADE_ANEW = ("owner", "restricted", "sources", "expires_at", "created_at", "updated_at")
# Columns that, all together, no other program has; those of companies, unless columns beside them name people.
_OF_CONTACTS = frozenset({"emails", "phones", "profile urls"})
_OF_COMPANIES = frozenset({"domain", "industry", "country", "size", "tag"})
_OF_PEOPLE = frozenset({Field.FIRST, Field.LAST, Field.FULL, Field.EMAIL, Field.PHONE, Field.URL})


def is_ours(names: frozenset[str]) -> bool:
    """Return whether a sheet with these column names (normalised) is one of our own."""
    return names >= _OF_CONTACTS or (names >= _OF_COMPANIES and not any(known(name) in _OF_PEOPLE for name in names))


def fields(names: Sequence[str]) -> list[Field | None]:
    """Return the fields that the columns of such a sheet give, by their normalised names; None for one that is not read."""
    given: Mapping[str, Field] = _CONTACT if set(names) >= _OF_CONTACTS else _COMPANY
    return [given.get(name.replace(" ", "_")) for name in names]


def used() -> list[tuple[str, str | None]]:
    """Return each name of an item in our JSON files, and the field that it gives; None for one that is not read."""
    return [*{**_COMPANY, **_CONTACT}.items(), *((name, None) for name in _MADE_ANEW)]
