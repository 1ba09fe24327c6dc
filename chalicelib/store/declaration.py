"""What every record class declares of itself. Erasure, redaction, purge, leaving, retention, export, the feed of changes, replay
and due work walk these declarations; none of them names a kind.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from pydantic import BaseModel

from chalicelib.store.handlers import (
    AfterErasure,
    Because,
    Correct,
    CorrectAt,
    Dissolve,
    Erase,
    EraseAt,
    EraseChildren,
    Expire,
    FindSubject,
    Handler,
    Leave,
    PlaceOf,
    Purge,
    Ranges,
    Redact,
    Replay,
    Restrict,
    RevokeOfMember,
    RevokeOfTenant,
    Tell,
    TellAt,
    Tidy,
)

ANY = "*"


class Holds(StrEnum):
    """Whose personal data a record holds."""

    NOBODY = "nobody"  # ids, counters, times
    MEMBER = "member"  # a member's own account data
    PERSON = "person"  # data of people who may be strangers to us


class Found(StrEnum):
    """How an erasure of one person finds the record."""

    POINTER = "pointer"  # by its pointers, one per identifier held or mentioned
    MENTION = "mention"  # by its pointers, one per identifier that its text mentions; it is about nobody
    WITH_PARENT = "with_parent"  # by the record it hangs on
    EPOCH = "epoch"  # derived: unreadable once its owner's epoch is raised
    KEY = "key"  # by its own key, which the person's address gives
    NEVER = "never"  # holds nobody's data, or must outlive the erasure (say why in `because`)


class Ended(StrEnum):
    """By what a kind of record ends, in the words of the privacy page."""

    TTL = "its written end: hidden at once, deleted from the table within days, within one for a workspace's own rows"
    PASS = "the daily pass over the workspace; hidden at once"  # noqa: S105 - no password
    WORK = "the work that it belongs to, which is taken up again until it has ended"
    RECORD = "the end of the record that it points to"
    VERB = "whom it belongs to, or the end of the workspace"
    PURGE = "leaving or the end of the workspace"
    NEVER = "nothing"


class TenantEnd(StrEnum):
    """How a platform's kind ends with a tenant. TEAM: with the tenant's partition of Accounts, last of all. HANDLER: by `purge`.
    PARENT: by what ends the kind that it belongs to. OUTLIVES: says nothing of the tenant's people, or must stay."""

    TEAM = "team"
    HANDLER = "handler"
    PARENT = "parent"
    OUTLIVES = "outlives"


class Share(StrEnum):
    """What a member shares with colleagues, by a switch of its own."""

    TAGS = "tags"
    CONTACTS = "contacts"


@dataclass(frozen=True)
class Exported:
    """The kind's files in a member's export: `file`.json, and `file`.csv where there are `columns`; `about` says in the export
    what is in them. `shape` is the answer's name in the OpenAPI document; without one, the payload is exported as it is.

    Of a TenantRecord the rows of the member's range are listed, or of those that `ranges` gives; of a PlatformRecord there is the
    one answer that the member is given."""

    file: str
    shape: str = ""
    columns: tuple[str, ...] = ()
    about: str = ""
    ranges: Handler[Ranges] | None = None


@dataclass(frozen=True)
class Grants:
    """What members have granted us elsewhere, which the rows tell of: ended before these go. A certificate calls it `what`."""

    what: str
    of_tenant: Handler[RevokeOfTenant]
    of_member: Handler[RevokeOfMember]


@dataclass(frozen=True)
class OwnedWork:
    """Due work that belongs to a row of a member's range: its kinds, and the prefix of the id that it goes by. `objects`: files
    in the buckets of imports or exports go by that id too."""

    prefix: str
    kinds: tuple[str, ...]
    objects: bool = False


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that the product knows of a kind of record.

    - What it is: `kind` is the first part of the sort key; `holds`; `payload`; `because`, why it is found by nobody or stays.
    - Its life: in plain words, `life_days` where it ends by the calendar, `life_setting` where a workspace sets the days, and by
      what it has `ended`. A kind of Ended.PASS is ended by `expire`; `tidy` finishes what a killed `expire` began.
    - An erasure: `found` says how it finds the record. POINTER: `subject` and `erase`, and `redact`, or why it mentions nobody.
      MENTION: `redact`. WITH_PARENT: of which `parent`, ANY where it hangs on records of any kind, and `erase_children` where
      they do not go in the same call. KEY: `place` and `erase_at`. `dissolve`, before any of it: what joined several records in
      one is parted. `after_erasure` is called for every member who held the person.
    - A person's copy: of POINTER `told`, of KEY `told_at`, or why nothing is told; `told_at` too where the platform holds it
      about a person otherwise. What the person says is right: `correct`, `correct_at`. That its data are restricted: `restrict`.
    - The end of its tenant and of its member: a TenantRecord ends with its partition and its member's range. A PlatformRecord
      says how: `tenant_end`, `purge`, and `leave` where it holds a member's data. `grants` are ended first.
    - An export: `export`, or why not; a PlatformRecord says so that holds somebody's data or a workspace's.
    - `work`: what is due for it. `shared_by`: the feed of changes tells of it, colleagues too where all of these are switched
      on. `replays`: entries of the replay log that tell of it, by the first part of their keys, and what does them again.
    """

    kind: str
    holds: Holds
    found: Found
    life: str
    life_days: int | None = None
    life_setting: str = ""
    ended: Ended | None = None
    expire: Handler[Expire] | None = None
    tidy: Handler[Tidy] | None = None
    payload: type[BaseModel] | None = None
    because: str = ""
    subject: Handler[FindSubject] | None = None
    erase: Handler[Erase] | None = None
    redact: Handler[Redact] | Because | None = None
    parent: str = ""
    erase_children: Handler[EraseChildren] | None = None
    dissolve: Handler[Dissolve] | None = None
    place: Handler[PlaceOf] | None = None
    erase_at: Handler[EraseAt] | None = None
    after_erasure: Handler[AfterErasure] | None = None
    told: Handler[Tell] | Because | None = None
    told_at: Handler[TellAt] | Because | None = None
    correct: Handler[Correct] | None = None
    correct_at: Handler[CorrectAt] | None = None
    restrict: Handler[Restrict] | None = None
    tenant_end: TenantEnd | None = None
    purge: Handler[Purge] | None = None
    leave: Handler[Leave] | Because | None = None
    grants: Grants | None = None
    export: Exported | Because | None = None
    work: tuple[OwnedWork, ...] = ()
    shared_by: tuple[Share, ...] = ()
    replays: Mapping[str, Handler[Replay]] = field(default_factory=dict)

    @property
    def redactor(self) -> Handler[Redact] | None:
        """Return what cuts a mention, None where nothing is said, or that nothing is mentioned."""
        return self.redact if isinstance(self.redact, Handler) else None


def missing(declared: Declaration, *, tenant_scoped: bool) -> list[str]:
    """Return what the declaration must say and does not, each in words that end the sentence "It does not say ..."."""
    needed = [
        *_of_life(declared, tenant_scoped),
        *_OF_ERASURE[declared.found](declared),
        *_of_ends(declared, tenant_scoped),
    ]
    return [what for what, said in needed if not said]


_Needed = Iterator[tuple[str, object]]


def _of_life(declared: Declaration, tenant_scoped: bool) -> _Needed:
    yield "how long it lives (life)", declared.life
    yield "what ends it (life_days or ended)", declared.ended or declared.life_days or tenant_scoped
    if declared.ended is Ended.PASS:
        yield "how the daily pass ends it (expire)", declared.expire
    if declared.ended is Ended.TTL:
        yield "after how many days it ends (life_days)", declared.life_days
    if declared.ended is Ended.NEVER:
        yield "why nothing ends it (because)", declared.because


def _by_pointer(declared: Declaration) -> _Needed:
    yield "whom it is about (subject)", declared.subject
    yield "how it is erased (erase)", declared.erase
    yield "how a mention in it is redacted, or why it mentions nobody (redact)", declared.redact
    yield "what of it a person's copy has, or why nothing (told)", declared.told


def _by_mention(declared: Declaration) -> _Needed:
    yield "how a mention in it is redacted (redact)", declared.redactor


def _with_parent(declared: Declaration) -> _Needed:
    yield "on which kind it hangs (parent)", declared.parent


def _by_key(declared: Declaration) -> _Needed:
    yield "where it is found by an address (place)", declared.place
    yield "how it is erased there (erase_at)", declared.erase_at
    yield "what of it a person's copy has, or why nothing (told_at)", declared.told_at


def _by_nobody(declared: Declaration) -> _Needed:
    yield "why an erasure need not find it (because)", declared.because


_OF_ERASURE: Mapping[Found, Callable[[Declaration], _Needed]] = {
    Found.POINTER: _by_pointer,
    Found.MENTION: _by_mention,
    Found.WITH_PARENT: _with_parent,
    Found.EPOCH: _by_nobody,
    Found.KEY: _by_key,
    Found.NEVER: _by_nobody,
}


def _of_ends(declared: Declaration, tenant_scoped: bool) -> _Needed:
    if tenant_scoped or declared.holds is not Holds.NOBODY or declared.tenant_end is TenantEnd.TEAM:
        yield "how it is exported, or why it is not (export)", declared.export
    if isinstance(declared.export, Exported):
        shown = declared.export.shape or (tenant_scoped and declared.payload)
        yield "what its files show (export's shape, or payload)", shown
    if tenant_scoped:
        return
    yield "what becomes of it when its workspace ends (tenant_end)", declared.tenant_end
    if declared.tenant_end is TenantEnd.HANDLER:
        yield "what deletes it when its workspace ends (purge)", declared.purge
    if declared.tenant_end is TenantEnd.OUTLIVES:
        yield "why it outlives its workspace (because)", declared.because
    if declared.tenant_end is TenantEnd.PARENT:
        yield "to which kind it belongs (parent)", declared.parent
    if declared.holds is Holds.MEMBER:
        yield "what becomes of it when its member leaves (leave)", declared.leave


def ended_by(declared: Declaration) -> Ended:
    """Return what ends records of that kind."""
    return declared.ended or (Ended.PURGE if declared.life_days is None else Ended.TTL)


def version(declared: Iterable[Declaration]) -> str:
    """Return the version of a list of kinds, as a certificate names it: a hash of all that the list says of each kind."""
    said = sorted((_as_text(each) for each in declared), key=lambda each: each["kind"])
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _as_text(declared: Declaration) -> dict[str, str]:
    return {each.name: _said(getattr(declared, each.name)) for each in fields(declared)}


def _said(value: object) -> str:
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Handler):
        return value.place
    if isinstance(value, Mapping):
        return json.dumps({key: _said(each) for key, each in sorted(value.items())})
    if isinstance(value, tuple):
        return json.dumps([_said(each) for each in value])
    return str(value)
