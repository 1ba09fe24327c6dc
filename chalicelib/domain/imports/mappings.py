"""A member's own column mappings, for CSV files whose columns we do not know."""

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import NotFound, Unprocessable
from chalicelib.domain.imports.model import MAPPING_PREFIX, MappingIn, MappingPayload
from chalicelib.domain.imports.records import MappingRecord
from chalicelib.store import rows


def public_id(record: MappingRecord) -> str:
    """Return the id that clients know."""
    return str(ids.owned_of(MAPPING_PREFIX, record.sk))


def create(actor: Actor, wanted: MappingIn) -> MappingRecord:
    """Keep a mapping. Unprocessable where it could read no file, or a name in it holds an identifier."""
    from chalicelib.domain.imports.parsing.layouts import checked_mapping  # noqa: PLC0415 - cold start
    from chalicelib.domain.redaction.mentions import held  # noqa: PLC0415

    checked_mapping(wanted.columns)
    if wrong := held("name", wanted.name):
        raise Unprocessable(wrong)
    now = clock.now()
    payload = MappingPayload(name=wanted.name, columns=dict(wanted.columns), created_at=now, updated_at=now)
    made = ids.new_owned(MAPPING_PREFIX, actor.member)
    record = MappingRecord.build(actor.tenant, ids.sort_key("mapping", made.owner, made.local), payload)
    rows.put_new(record, deletable=True)
    return record


def get(actor: Actor, mapping_id: str) -> MappingRecord:
    """Return the actor's own mapping. NotFound for any other, a colleague's too."""
    parsed = ids.parse_owned(mapping_id, MAPPING_PREFIX)
    if parsed is None or parsed.owner != actor.code:
        raise NotFound
    record = rows.get(MappingRecord, actor.tenant, ids.sort_key("mapping", parsed.owner, parsed.local))
    if record is None:
        raise NotFound
    return record


def page(actor: Actor, limit: int, after: str | None) -> rows.Page[MappingRecord]:
    """Return a page of the actor's mappings, oldest first."""
    return rows.page(MappingRecord, actor.tenant, ids.key_range("mapping", actor.code), limit=limit, after=after)
