"""Profiles in the table: written with what finds them, deleted with it, found by their person's address."""

from collections.abc import Callable, Iterator

from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import TenantId
from chalicelib.domain.directory import names
from chalicelib.domain.directory.model import KIND, ProfilePayload, Side, Values
from chalicelib.domain.directory.records import ProfileRecord, ProfileTokenRecord
from chalicelib.store import batch, rows
from chalicelib.vault import tags

_BETWEEN = "|"


def place_of(exact: str) -> str:
    """Return the partition of the profiles of an address (exact form) and of its plus-aliases."""
    base = EmailAddress.parse(exact, historic=True).base
    return f"{KIND}#{tags.platform_digest('profile', base)}"


def sort_key(side: Side, exact: str) -> str:
    """Return the sort key of an address's profile of that side."""
    return f"{KIND}#{side}#{tags.platform_digest('profile', exact)}"


def side_of(row: ProfileRecord) -> Side:
    """Return who made the profile."""
    return Side(str(row.sk).split("#")[1])


def public_id(row: ProfileRecord) -> str:
    """Return the id that members are shown: it leads nowhere, and is the same each time."""
    return "pro_" + tags.platform_digest("profile-id", f"{row.pk}{_BETWEEN}{row.sk}")[:26]


def find(side: Side, exact: str) -> ProfileRecord | None:
    """Return an address's profile of that side, None where there is none (any more)."""
    return rows.get(ProfileRecord, place_of(exact), sort_key(side, exact))


def write(row: ProfileRecord | None, side: Side, payload: ProfilePayload) -> ProfileRecord:
    """Write a profile, over `row` as it was read, or new; what finds it first, and what no longer does is deleted after. Return
    the row. VersionConflict where another write came between."""
    before = row.unsealed(ProfilePayload) if row else None
    made = row or ProfileRecord.build(place_of(payload.exact), sort_key(side, payload.exact))
    made.expires_at = payload.ends_at
    wanted = _token_keys(made, payload)
    batch.put_all([ProfileTokenRecord.build(*key, ends=payload.ends_at) for key in sorted(wanted)])
    made.reseal(payload)
    rows.put_if_unchanged(made) if row else rows.put_new(made)
    stale = _token_keys(made, before) - wanted if before else set()
    batch.delete_all(ProfileTokenRecord, sorted(stale))
    return made


def remove(row: ProfileRecord) -> None:
    """Delete a profile, then what finds it. Safe to repeat."""
    payload = row.unsealed(ProfilePayload)
    batch.delete_all(ProfileRecord, [(row.pk, row.sk)])
    batch.delete_all(ProfileTokenRecord, sorted(_token_keys(row, payload)))


def of_token(found: ProfileTokenRecord) -> tuple[str, str]:
    """Return the key of the profile that a word leads to."""
    pk, _, sk = str(found.sk).partition(_BETWEEN)
    return pk, sk


def of_address(exact: str) -> list[tuple[Side, ProfilePayload]]:
    """Return all that the directory holds of an address (exact form)."""
    every = [
        (side_of(row), row.unsealed(ProfilePayload)) for row in rows.every(ProfileRecord, place_of(exact), f"{KIND}#")
    ]
    return [(side, payload) for side, payload in every if payload.exact == exact]


def amend(exact: str, right: Values, fields: list[str]) -> int:
    """Set fields of an address's profiles right, on its person's word: above what any source says, now and later. Return how many
    profiles there were. VersionConflict."""

    def attempt(side: Side) -> bool:
        row = find(side, exact)
        if row is None:
            return False
        payload = row.unsealed(ProfilePayload)
        pinned = (payload.pinned or Values()).model_copy(update={name: getattr(right, name) for name in fields})
        known = sorted({*payload.pinned_fields, *fields})
        changed = {"pinned": pinned, "pinned_fields": known, "updated_at": clock.now()}
        write(row, side, payload.model_copy(update=changed))
        return True

    return sum(rows.retry(lambda side=side: attempt(side)) for side in Side)  # type: ignore[misc]  # mypy infers no lambda default


def erase_at(place: str, is_theirs: Callable[[str], bool]) -> Iterator[tuple[TenantId, str]]:
    """Delete the profiles under the place whose address (exact form) `is_theirs` takes for the person's: yield the id of each,
    then delete it. Safe to repeat, and to leave off anywhere."""
    for row in list(rows.every(ProfileRecord, place, f"{KIND}#")):
        if is_theirs(row.unsealed(ProfilePayload).exact):
            yield TenantId(""), public_id(row)
            remove(row)


def _token_keys(row: ProfileRecord, payload: ProfilePayload) -> set[tuple[str, str]]:
    """Of every name that the profile may be shown under, so that no old one is left behind."""
    said = [payload.values.name, *(each.name for each in payload.said), payload.pinned.name if payload.pinned else ""]
    return {(pk, f"{row.pk}{_BETWEEN}{row.sk}") for name in said for pk in names.token_pks(name)}
