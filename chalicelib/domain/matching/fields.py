"""What of a contact or company is compared: the values that its owner is shown, or those alone that colleagues may be shown."""

from chalicelib.core import ids
from chalicelib.core.identifiers import EmailAddress, profile_url
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.ingest.identity import name_of, own_marks
from chalicelib.domain.matching.model import CompanyFields, PersonFields
from chalicelib.domain.redaction.folding import fold
from chalicelib.domain.sources import links
from chalicelib.domain.sources.provenance import Kept
from chalicelib.store.records import TenantRecord

Payload = ContactPayload | CompanyPayload
Fields = PersonFields | CompanyFields
_MOST_MARKS = 4  # of each of a pair, by which it is known again


def opened(row: TenantRecord) -> Payload | None:
    """Return what a contact's or company's row holds; None, with a line in the log, where its seal is broken."""
    if ids.kind_of(row.sk) == COMPANY:
        return row.sound(CompanyPayload, "match_row_unreadable")
    return row.sound(ContactPayload, "match_row_unreadable")


def of(payload: Payload) -> Fields:
    """Return what is compared of the record."""
    if isinstance(payload, CompanyPayload):
        return CompanyFields(
            name=_text(payload.name),
            domains=tuple(filter(None, [_text(payload.domain)])),
            country=_text(payload.country),
        )
    return PersonFields(
        first_name=_text(payload.first_name),
        last_name=_text(payload.last_name),
        emails=_texts(payload.emails),
        phones=_texts(payload.phones),
        profile_urls=_texts(payload.profile_urls),
        title=_text(payload.title),
        company=_text(payload.company_name),
    )


def shareable(payload: Payload) -> Fields | None:
    """Return what is compared of it where nothing counts that only its owner may see; None where nothing of it is shown."""
    seen = payload.shared() if isinstance(payload, CompanyPayload) else payload.shared(with_companies=False)
    return of(seen) if seen is not None else None


def connections(payload: Payload) -> frozenset[str]:
    """Return the connections that have a record of it."""
    parsed = (links.parse(source_id) for source_id in payload.source_ids)
    return frozenset(str(each.connection) for each in parsed if each is not None)


def known_by(payload: Payload) -> list[str]:
    """Return names of the record that are the same when it is brought in anew: its name with one identifier each."""
    if isinstance(payload, CompanyPayload):
        return ["\0".join((fold(payload.name.value), _text(payload.domain)))]
    name = " ".join(sorted(name_of(_text(payload.first_name), _text(payload.last_name))))
    emails = (EmailAddress.parse(kept.value) for kept in payload.emails)
    marks = own_marks(emails, (profile_url(kept.value) for kept in payload.profile_urls))
    exact = sorted(mark.exact for mark in marks)[:_MOST_MARKS]
    exact += [_text(payload.company_name)] if not exact else []
    return [f"{name}\0{each}" for each in exact]


def _text(kept: Kept | None) -> str:
    return str(kept.value) if kept is not None else ""


def _texts(values: list[Kept]) -> tuple[str, ...]:
    return tuple(kept.value for kept in values)
