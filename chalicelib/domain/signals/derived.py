"""Signals that follow from what sources say of a contact. Nothing is stored for them: survivorship keeps when each source changed
a value, and a contact when it came.

A source that later gives a title or a company which it did not give before counts as one that changed it: what it said before
is not kept.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.ids import OwnedId
from chalicelib.domain.contacts.model import PREFIX as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.signals.model import PREFIX, Signal, SignalType
from chalicelib.domain.sources.provenance import FILE

_CONNECTION = ":cxn_"  # in a source of values
_JOB = ("title", "company_name")
_STRENGTH = {SignalType.JOB_CHANGE: 60.0, SignalType.NEW_RELATION: 40.0}
_LATER = timedelta(days=1)  # than its company: who came with it is no news


def of_contact(ident: str, contact: ContactPayload, company_since: str) -> Iterator[Signal]:
    """Yield what the contact tells of the company that it is at, which was made at `company_since` (RFC 3339): that it changed
    its job, and that it is new. Nothing of one whose person wants its data restricted."""
    known = ids.parse_owned(ident, CONTACT)
    if known is None or contact.restricted:
        return
    changes = [change for name in _JOB for change in _changes(contact, name)]
    if changes:
        at, source = max(changes)
        yield _signal(known, SignalType.JOB_CHANGE, at, source)
    since = contact.created_at
    brought = sorted(source for source, at in contact.sources.items() if _is_source(source) and at <= since)
    if brought and clock.parse_rfc3339(since) >= clock.parse_rfc3339(company_since) + _LATER:
        yield _signal(known, SignalType.NEW_RELATION, since, brought[0])


def _changes(contact: ContactPayload, name: str) -> Iterator[tuple[str, str]]:
    """When sources changed the field, each after it had told of the person before."""
    for kept in contact.values_of(name):
        for source in kept.sources:
            changed = kept.changed_at(source, among_shared=False)
            if _is_source(source) and changed > contact.sources.get(source, changed):
                yield changed, source


def _is_source(source: str) -> bool:
    return _CONNECTION in source or source.startswith(FILE)


def _signal(contact: OwnedId, kind: SignalType, at: str, source: str) -> Signal:
    local = ids.timeless_of(hashlib.sha256(f"{kind}\0{contact}\0{at}".encode()).digest()[:16])
    moment, name = clock.parse_rfc3339(at), source.partition(":")[0]
    return Signal(str(OwnedId(PREFIX, contact.owner, local)), kind, _STRENGTH[kind], moment, name, moment, str(contact))
