"""Who is erased, as keyed hashes: the form in which an erasure looks for a person, and in which the replay log keeps it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Erasure, InTenant
from chalicelib.domain.privacy.verification import VerifiedRequest
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.suppression.model import marks_of as marks_of_address
from chalicelib.store.handlers import Subject
from chalicelib.store.records import SealedRecord
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

Registry = Sequence[type[SealedRecord]]


def of_request(request: VerifiedRequest, registry: Registry) -> Erasure:
    """Return the tags that find and block the verified addresses.

    They include those logged of the erasure so far: the checkpoint may have been restored to an earlier state.
    """
    marks = [Mark(Identifier.EMAIL, exact) for exact in request.addresses]
    now = Erasure(
        request=request.id,
        confirmed_at=request.confirmed_at,
        sought=index_tags(with_aliases(marks)),
        tombstones=tombstones.tags_of(marks, None),
        places={
            record.declared.kind: [record.declared.place.load()(exact) for exact in request.addresses]
            for record in registry
            if record.declared.place is not None
        },
    )
    logged = replay_log.erasure_of(request.id)
    return now if logged is None else logged.plus(now)


def in_tenant(
    tenant: TenantId,
    subjects: Mapping[SortKey, Subject],
    sought: Collection[str],
    is_anothers: Callable[[Mark], bool],
) -> InTenant:
    """Return the tags by which erased records of one tenant, by sort key, are followed, blocked and cut.

    `is_anothers` tells of an address whether a record that stays holds it: that is blocked for nobody.
    """
    marks = own_marks(dict.fromkeys(mark for subject in subjects.values() for mark in subject.marks))
    urls = [mark for mark in marks if mark.kind is Identifier.URL]
    in_text = [mark for mark in marks if mark.kind not in (Identifier.URL, Identifier.SOURCE)]
    return InTenant(
        tombstones=tombstones.tags_of([mark for mark in marks if _blocks(mark, sought, is_anothers)], tenant),
        followed=index_tags(urls),
        known=index_tags(with_aliases(in_text)),
        erased={sk: subject.made_at for sk, subject in subjects.items()},
    )


def own_marks(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that identify a person.

    A plus-less form does not: everybody who writes from that mailbox shares it.
    """
    return [mark for mark in marks if mark.kind is not Identifier.EMAIL_BASE]


def is_of(exact: str, sought: Collection[str]) -> bool:
    """Return whether the address belongs to the person sought. A plus-alias of a verified address counts."""
    return not set(index_tags(marks_of_address([EmailAddress.parse(exact, historic=True)]))).isdisjoint(sought)


def index_tags(marks: Iterable[Mark]) -> list[str]:
    """Return the index tags of the marks in every key version, each once."""
    return list(dict.fromkeys(tag for mark in marks for tag in tags.subject_tags("index", mark.kind, mark.exact)))


def _blocks(mark: Mark, sought: Collection[str], is_anothers: Callable[[Mark], bool]) -> bool:
    """Whether the mark is blocked within the tenant: profile URLs, source ids, plus-aliases of a verified address, and other
    addresses, except what another record there has too."""
    if mark.kind in (Identifier.URL, Identifier.SOURCE):
        return True
    if mark.kind is not Identifier.EMAIL:
        return False
    local, _, domain = mark.exact.rpartition("@")
    base = Mark(Identifier.EMAIL, f"{local.split('+', 1)[0]}@{domain}")
    return not set(index_tags([base])).isdisjoint(sought) or not is_anothers(mark)
