"""What of a contact's sources says that its owner knows the person."""

from collections.abc import Iterator

from chalicelib.connectors.port import Provider
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.network.strength import Evidence
from chalicelib.domain.sources.provenance import FILE, MEMBER, Format

# Both have confirmed these. Whom somebody follows need not know of it.
_SOCIAL = frozenset({Provider.LINKEDIN.value, f"{FILE}{Format.LINKEDIN_CSV}"})
_CARDS = frozenset(
    {
        MEMBER,
        Provider.GOOGLE.value,
        *(f"{FILE}{each}" for each in (Format.GOOGLE_CSV, Format.GOOGLE_CSV_OLD, Format.OUTLOOK_CSV, Format.VCARD)),
    }
)


def evidence(contact: ContactPayload) -> Iterator[Evidence]:
    """Yield what the sources that are shown of the contact say: a connection of a network, a card in an address book, or nothing
    but that there is a record."""
    sources = {source if source.startswith(FILE) else source.partition(":")[0] for source in contact.sources}
    if sources & _SOCIAL:
        yield Evidence.SOCIAL
    if sources & _CARDS:
        yield Evidence.ADDRESS_BOOK
    if not sources & (_SOCIAL | _CARDS):
        yield Evidence.RECORD
