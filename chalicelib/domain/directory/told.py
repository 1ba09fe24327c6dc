"""What the directory says of somebody who asks for a copy, and what somebody says is right of it."""

from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.told import Changes, Ground, Said, SourceKind, Told
from chalicelib.domain.directory import repository
from chalicelib.domain.directory.model import KIND, Values

_FIELDS = {"name": "name", "title": "title", "company": "company_name", "links": "profile_urls"}


def told(exact: str) -> Iterator[Told]:
    """Yield every value of the profiles of an address (exact form), of each source, with when its person was told."""
    for _, payload in repository.of_address(exact):
        notice = payload.notice.sent_at if payload.notice else None
        noticed = clock.rfc3339(notice) if notice else None
        for said in payload.said:
            at = clock.rfc3339(said.seen_at)
            source = Said(
                source=SourceKind.PUBLIC,
                connector=said.source,
                at=at,
                ground=Ground.LEGITIMATE_INTEREST,
                notice_at=noticed,
            )
            yield from _values(said, source)
        own = Said(source=SourceKind.PERSON, at=clock.rfc3339(payload.created_at), ground=Ground.CONSENT)
        for values in (payload.values, payload.pinned or Values()):
            yield from _values(values, own)


def correct(exact: str, changes: Changes) -> bool:
    """Pin what the person says is right in the profiles of the address (exact form). Return whether there is one."""
    name = " ".join(part for part in (changes.get("first_name", ""), changes.get("last_name", "")) if part)
    right = Values(
        name=name,
        title=changes.get("title", ""),
        company=changes.get("company_name", ""),
        links=[changes["profile_urls"]] if changes.get("profile_urls") else [],
    )
    whole = bool(changes.get("first_name") and changes.get("last_name"))
    fields = [each for each in Values.model_fields if getattr(right, each) and (each != "name" or whole)]
    return bool(fields) and bool(repository.amend(exact, right, fields))


def _values(values: Values, source: Said) -> Iterator[Told]:
    for name, field in _FIELDS.items():
        found = getattr(values, name)
        for value in found if isinstance(found, list) else [found]:
            if value:
                yield Told(kind=KIND, field=field, value=value, sources=[source])
