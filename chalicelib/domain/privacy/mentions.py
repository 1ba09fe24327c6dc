"""Cutting a person out of the text of records that mention it."""

from collections.abc import Collection, Iterable, Sequence

from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import pointers, rows
from chalicelib.store.handlers import Redact
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags


def cut(
    redact: Redact,
    tenant: TenantId,
    record_sk: SortKey,
    marks: Iterable[Mark],
    names: Sequence[PersonName],
    *,
    tagged: Collection[str] = (),
    settled: bool = True,
) -> bool:
    """Cut these identifiers, those with these index tags, and the names, from a record's text. Return whether it
    changed.

    The pointers by which the text was found go too. Where the record or the mention does not exist, they go only once
    it is `settled` that no write under way, whose pointers come first, will still bring it. Safe to repeat.
    VersionConflict where the record keeps changing.
    """
    wanted = with_aliases(marks)

    def without(text: str, *, prose: bool = True) -> str:
        named = names if prose or redacted(text, wanted, (), is_theirs) != text else ()
        return redacted(text, wanted, named, is_theirs)

    def is_theirs(mark: Mark) -> bool:
        return _has_tag(mark, tagged)

    changed = rows.retry(lambda: redact(tenant, record_sk, without))
    if changed or settled:
        gone = index_pointers(tenant, record_sk, (), wanted, every_version=True)
        pointers.delete([*gone, *(Pointer(tenant, tag, Role.MENTIONS, record_sk) for tag in tagged)])
    return changed


def _has_tag(mark: Mark, tagged: Collection[str]) -> bool:
    return any(tag in tagged for tag in tags.subject_tags("index", mark.kind, mark.exact))
