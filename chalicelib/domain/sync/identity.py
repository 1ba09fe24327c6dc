"""Whether a record of a connection is somebody whom the member has already. It proposes nothing: what is not clear stays apart.

Two records of one connection never share a contact, and an address alone is not enough where the names say otherwise: many
people share a mailbox.
"""

from collections.abc import Iterable

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.redaction.folding import fold


def joins(draft: ContactDraft, source: str, candidates: Iterable[ContactRecord]) -> ContactRecord | None:
    """The contact that the record belongs to, the oldest where several fit; None where it is one of its own."""
    opened = [(row.unsealed(ContactPayload), row) for row in candidates]
    fitting = [(payload.created_at, row.sk, row) for payload, row in opened if _fits(draft, source, payload)]
    return min(fitting, key=lambda each: each[:2])[2] if fitting else None


def _fits(draft: ContactDraft, source: str, payload: ContactPayload) -> bool:
    if draft.source_id in payload.source_ids:
        return True  # a worker that was killed had joined them
    if any(name.startswith(f"{source}:") for name in payload.source_ids):
        return False
    held = {EmailAddress.parse(kept.value).exact for kept in payload.emails}
    return bool(held & {email.exact for email in draft.emails}) and _same_name(draft, payload)


def _same_name(draft: ContactDraft, payload: ContactPayload) -> bool:
    first, last = (kept.value if kept else "" for kept in (payload.first_name, payload.last_name))
    here, there = _folded(first, last), _folded(draft.first_name, draft.last_name)
    return not here or not there or here == there


def _folded(first: str, last: str) -> str:
    return " ".join(fold(f"{first} {last}").split())
