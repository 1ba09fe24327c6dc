"""People from public professional sources, as the operator's feeds name them: one line, one person. Nothing that a member
brought in comes here: import contracts hold it.

Who cannot be told is not stored; nor is who was erased, or has said that the directory is to leave them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core import clock, written
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, is_network, is_person_page, profile_url
from chalicelib.core.ids import TenantId
from chalicelib.domain.directory import names, notices, repository
from chalicelib.domain.directory.model import LIFE, NOTICE_WITHIN, Notice, ProfilePayload, Said, Side
from chalicelib.domain.redaction.mentions import holds_identifier
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.domain.suppression.wishes import Use
from chalicelib.store import rows
from chalicelib.store.due import ensure

_LONGEST = 300  # characters of a text
_MOST_LINKS = 5
_EVERYWHERE = TenantId("")


class Outcome(StrEnum):
    """What became of a line."""

    STORED = "stored"
    KNOWN = "known"  # that source said no less before
    NO_ADDRESS = "no_address"  # to tell the person
    NOT_STORABLE = "not_storable"  # erased, objects, or a role's address
    TOO_OLD = "too_old"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class _Line:
    said: Said
    address: EmailAddress


def take(line: Mapping[str, object]) -> Outcome:
    """Store what a line says of a person: `source`, `source_url`, `seen_at` (RFC 3339, or a day), `name`, `title`, `company`,
    `links`, `notify`. Return what became of it. Safe to repeat. VersionConflict, Unavailable."""
    read = _read(line)
    if isinstance(read, Outcome):
        return read
    exact = read.address.exact
    if blocked(_EVERYWHERE, [marks_of([read.address])])[0] or wishes.forbidden(Use.DIRECTORY, [exact]):
        return Outcome.NOT_STORABLE
    return rows.retry(lambda: _store(read))


def _store(line: _Line) -> Outcome:
    row, now = repository.find(Side.PUBLIC, line.address.exact), clock.now()
    before = row.unsealed(ProfilePayload) if row else None
    known = next((said for said in before.said if said.source == line.said.source), None) if before else None
    if known is not None and known.seen_at >= line.said.seen_at:
        return Outcome.KNOWN
    others = [said for said in before.said if said is not known and said.lives(now)] if before else []
    payload = ProfilePayload(
        address=line.address.text,
        exact=line.address.exact,
        said=[*others, line.said],
        pinned=before.pinned if before else None,
        pinned_fields=before.pinned_fields if before else [],
        language=before.language if before else notices.language_of(line.address.domain),
        notice=before.notice if before and before.notice else Notice(due_by=now + NOTICE_WITHIN),
        created_at=before.created_at if before else now,
        updated_at=now,
    )
    ensure(notices.due_of(line.address.exact), now)  # before the profile: it is told of, or goes, whatever is killed
    repository.write(row, Side.PUBLIC, payload)
    return Outcome.STORED


def _read(line: Mapping[str, object]) -> "_Line | Outcome":
    now, seen_at = clock.now(), _time(line.get("seen_at"))
    name, source, url = (_text(line.get(field)) for field in ("name", "source", "source_url"))
    if seen_at is None or seen_at > now + timedelta(days=1) or not names.words(name) or not source or not url:
        return Outcome.UNREADABLE
    if seen_at + LIFE <= now:
        return Outcome.TOO_OLD
    try:
        address = EmailAddress.parse(_text(line.get("notify")))
    except InvalidIdentifier:
        return Outcome.NO_ADDRESS
    if address.is_role:
        return Outcome.NOT_STORABLE
    said = Said(
        source=source,
        url=url,
        seen_at=seen_at,
        obtained_at=now,
        name=name,
        title=_free(line.get("title")),
        company=_free(line.get("company")),
        links=_links(line.get("links")),
    )
    return Outcome.UNREADABLE if holds_identifier(name) else _Line(said, address)


def _text(value: object) -> str:
    return written.usable(" ".join(value.split()))[:_LONGEST] if isinstance(value, str) else ""


def _free(value: object) -> str:
    """A text; empty where an address or a page stands in it."""
    text = _text(value)
    return "" if holds_identifier(text) else text


def _links(value: object) -> list[str]:
    """The pages of the person at networks; others are left out. A text names several between spaces."""
    found: list[str] = []
    for raw in value.split() if isinstance(value, str) else value if isinstance(value, list) else []:
        try:
            url = profile_url(_text(raw))
        except InvalidIdentifier:
            continue
        if is_network(url) and is_person_page(url):
            found.append(url)
    return list(dict.fromkeys(found))[:_MOST_LINKS]


def _time(value: object) -> datetime | None:
    text = _text(value)
    try:
        return clock.parse_rfc3339(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        return None
