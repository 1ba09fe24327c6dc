"""The rows of matching: pairs, what of a pair stays known, the index of blocking keys, and how far the work has come."""

from chalicelib.core.ids import SortKey
from chalicelib.core.models import Model
from chalicelib.domain.matching.proposal import KIND, MatchPayload
from chalicelib.store.declaration import ANY, Declaration, Ended, Exported, Found, Holds, OwnedWork
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import TenantRecord

MATCHING_DUE, MATCHING_PREFIX = "matching", "mtg"
_INDEX = Because("keyed hashes of how contacts and companies are compared, made anew from these")


class MatchRecord(TenantRecord):
    """SK `match#owner code#id`: a pair of the member's records that may be the same. Its pointers are those of both."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        dissolve=Handler("chalicelib.domain.matching.erase:dissolve"),
        subject=Handler("chalicelib.domain.matching.erase:subject_of"),
        erase=Handler("chalicelib.domain.matching.erase:erase"),
        redact=Handler("chalicelib.domain.matching.erase:redact"),
        told=Because("which of the contacts are one, whose values the copy has from the contacts themselves"),
        life="as long as both contacts or companies are there and nobody has decided; that they are two, until the person is "
        "erased or the workspace ends; what undoes a merge, 90 days",
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.matching.expire:expire"),
        payload=MatchPayload,
        export=Exported("matches", "MatchesOut", about="pairs of your contacts that may be the same, and decisions"),
    )


class ApartRecord(TenantRecord):
    """SK `apart#owner code#keyed hash` of two names with an identifier each: a pair that its member calls two."""

    declared = Declaration(
        kind="apart",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent=KIND,
        life="as long as the decision that it belongs to",
        ended=Ended.RECORD,
        export=Because("keyed hashes of decisions that are exported themselves"),
    )


class BlockRecord(TenantRecord):
    """SK `match_block#owner code#keyed hash of a blocking key#kind#local id`: records with the same hash are compared."""

    declared = Declaration(
        kind="match_block",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent="match_index",
        life="as long as the contact or company",
        ended=Ended.RECORD,
        export=_INDEX,
    )


class IndexPayload(Model):
    """`digest` is a keyed hash of what was compared last; `blocks` are the hashes under which the record stands, `pairs` the last
    parts of the ids of its pairs."""

    digest: str = ""
    blocks: list[str] = []
    pairs: list[str] = []


class IndexRecord(TenantRecord):
    """SK `match_index#owner code#kind#local id`: what is in the index for one contact or company."""

    declared = Declaration(
        kind="match_index",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent=ANY,
        erase_children=Handler("chalicelib.domain.matching.erase:erase_children"),
        life="as long as the contact or company",
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.matching.expire:expire_index"),
        payload=IndexPayload,
        export=_INDEX,
    )


class MatchingPayload(Model):
    """`after`: the ULID up to which the journal was looked at. `walking`: the kind of which all records are looked at, up to
    `walked`; the journal counts from `begun` then. `version`: of what is compared."""

    after: str = ""
    walking: str = ""
    walked: SortKey = SortKey("")
    begun: str = ""
    version: int = 0


class MatchingRecord(TenantRecord):
    """SK `matching#owner code#zeros`: how far matching has come for this member."""

    declared = Declaration(
        kind=MATCHING_DUE,
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="as long as its member",
        payload=MatchingPayload,
        because="ids and times",
        export=Because("how far matching has come"),
        work=(OwnedWork(MATCHING_PREFIX, (MATCHING_DUE,)),),
    )
