"""Opening a request, by mail or by the form. The answer is the same whether or not we know the person."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, ids, log
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import answering, deadlines, joining, open_requests, own_part, replies
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import DUE_KIND, NOT_ADDRESSED, Address, PersonPayload, Request
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import COPIES, WISHES, Intake, RightKind, RightState, may_move
from chalicelib.store import rows
from chalicelib.store.due import Due, ensure
from chalicelib.vault import tags
from chalicelib.vault.keys import ring

_RAW_AT_MOST = 100_000  # bytes: with the text it fits into a row
_UNCERTAIN = frozenset(
    {*COPIES, *WISHES, RightKind.RECTIFICATION}
)  # begun by a link though nobody is certain that they are meant: they take nothing away that is not given back
_FOR_OTHERS = frozenset({Mark.THIRD_PERSON, Mark.AGENT})  # whose data it is is for a person of ours to say
_ANSWERED_WITHIN = timedelta(minutes=1)  # else it is done as due work
_DELAYED_AT_MOST = timedelta(days=28)  # a mail on its way through our queues; older, its time is not believed


def id_of_mail(ses_message_id: str) -> str:
    """Return the id of the request that a mail opens.

    It is the same for the same mail, however often that is delivered.
    """
    return "req_" + tags.platform_digest("inbound-mail", ses_message_id)[:26]


@dataclass(frozen=True)
class Asked:
    """What somebody wrote. `rights` as they were read, the clearest first, none where that is not plain; `certain` where the
    first can be acted on without a person reading it. `language` is the one to answer in, `written_in` the one of a mail
    (model.Request). `received_at`: when SES had the mail. `unread` names what was not read of the mail `raw`: our officer gets
    its beginning as it came. `marks`: why a person has to read it (parsing.intent.Mark). `addressed`: it may ask something of
    us; else it is kept for our officer, and nothing is answered. `answers`: the request of ours that the mail says it answers."""

    rights: Sequence[RightKind]
    certain: bool
    language: str
    text: str
    message_id: str = ""
    written_in: str = ""
    unread: Sequence[str] = ()
    raw: bytes = b""
    received_at: datetime | None = None
    marks: Sequence[str] = ()
    addressed: bool = True
    answers: str = ""

    @property
    def since(self) -> datetime:
        """When it reached us: as SES says, where that can be, else now."""
        now = clock.now()
        told = self.received_at
        return told if told is not None and now - _DELAYED_AT_MOST <= told <= now else now

    @property
    def kinds(self) -> list[RightKind]:
        """The rights, each once; UNCLEAR where none was read."""
        return list(dict.fromkeys(self.rights)) or [RightKind.UNCLEAR]

    @property
    def by_link(self) -> frozenset[RightKind]:
        """The rights with steps that can begin once the address is confirmed. A copy is of the writer's own address alone, and a
        form is filled by the writer, so these need less certainty than an erasure, which is offered after the copy where nothing
        else keeps it from being certain; what is asked for somebody else needs a person."""
        kinds, marks = frozenset(self.kinds), frozenset(self.marks)
        if not self.certain and not marks.isdisjoint(_FOR_OTHERS):
            return frozenset()
        after_copy = marks == {Mark.ANOTHER_FIRST} and RightKind.RESTRICTION not in kinds
        harmless = _UNCERTAIN | ({RightKind.ERASURE} if after_copy else set())
        to = RightState.AWAITING_CONFIRMATION
        ours = kinds if self.certain else kinds & harmless
        return frozenset(each for each in ours if may_move(each, RightState.FOR_OFFICER, to))

    @property
    def settled(self) -> bool:
        """Whether something can begin once the address is confirmed."""
        return bool(self.by_link)

    def like(self, way: Way) -> str:
        """Return what it has in common with letters that one mail of ours answers together: the way, the language, the rights,
        and why a person has to read it: a complaint among letters that have none is told of by itself."""
        how = "asks" if self.settled else "waits" if self.addressed else "silent"
        why = [*sorted(self.marks), *(["unread"] if self.unread else [])]
        return "#".join([way, self.language, how, "+".join(sorted(self.kinds)), "+".join(why)])


def open_request(address: EmailAddress, asked: Asked, origin: Origin, ident: str = "") -> bool:
    """Record the request and answer it by mail; with `ident` safe to repeat. Return whether nothing of it waits: False where a
    limit or SES holds the mail back, which is then sent as due work, and where the letter joined others that say the same."""
    reply = replies.Reply(ident, asked.text, origin.way, asked.kinds if asked.addressed else [], asked.answers)
    under_way = replies.join(address, reply) if ident else None
    if under_way is not None and (not (asked.certain and asked.settled) or asked.rights[0] in under_way):
        return True  # else what can be acted on at once is, whatever else the mail answers
    ident = ident or ids.new("req")
    pk, like = f"request#{ident}", asked.like(origin.way)
    if joining.join(joining.Letter(address, asked.text, ident, origin.way, like)):
        log.event("letter_joined", state=str(origin.way))
        return False
    record = rows.get(RequestRecord, pk, "request") or _record(pk, address, asked, origin)
    if record.unsealed(Request).intake not in (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION):
        return True
    try:
        held = rows.retry(lambda: _answer(pk))
    except VersionConflict:
        return True  # its due work sends it at this moment
    except Unavailable as error:
        log.failure("answer_postponed", error)
        return False
    return held is None


def _answer(pk: str) -> datetime | None:
    """Return until when the answer waits; None where it does not. As others may have written it meanwhile, it is read here."""
    record = _existing(pk)
    return answering.waiting(record, record.unsealed(Request).model_copy(deep=True))


def _record(pk: str, address: EmailAddress, asked: Asked, origin: Origin) -> RequestRecord:
    ident, received_at = pk.removeprefix("request#"), asked.since
    ring.create(pk)
    payload = Request(
        rights=[Right(kind=kind) for kind in asked.kinds],
        language=asked.language,
        written_in=asked.written_in,
        unread=list(asked.unread),
        marks=list(asked.marks),
        mails={} if asked.addressed else {"first": NOT_ADDRESSED},
        received_at=received_at,
        due_at=deadlines.months_after(received_at),
        origin=origin,
    )
    if asked.settled:
        payload.await_confirmation(asked.by_link)
    # The text is for our officer: where all rights have steps of their own, and nothing stands out, the person's wish is known.
    read = bool(asked.marks) or any(right.state is RightState.FOR_OFFICER for right in payload.rights)
    person = PersonPayload(
        addresses=[Address(text=address.text, exact=address.exact)],
        text=asked.text if read else "",
        changes=_new_values(address, asked),
        raw=b64encode(asked.raw[:_RAW_AT_MOST]).decode() if asked.unread and read else "",
        message_id=asked.message_id,
        received_at=received_at,
    )
    own_part.remember(address.exact, ident)
    _insert(PersonRecord.build(pk, "person", person))
    ensure(Due(DUE_KIND, ident), clock.now() + _ANSWERED_WITHIN)
    open_requests.add(ident)
    joining.note(person.addresses[0], asked.like(origin.way), ident)
    record = RequestRecord.build(pk, "request", payload)
    return record if _insert(record) else _existing(pk)


def _new_values(address: EmailAddress, asked: Asked) -> dict[str, str]:
    """What the form of a rectification is filled with; of the writer's own alone."""
    if RightKind.RECTIFICATION not in asked.kinds or not _FOR_OTHERS.isdisjoint(frozenset(asked.marks)):
        return {}
    from chalicelib.domain.privacy.parsing.new_values import new_values  # noqa: PLC0415 - cold start: patterns of every script

    return new_values(asked.text, asked.written_in or asked.language, address)


def _insert(record: PersonRecord | RequestRecord) -> bool:
    try:
        rows.put_new(record)
    except VersionConflict:
        return False  # a run before this one came that far
    return True


def _existing(pk: str) -> RequestRecord:
    found = rows.get(RequestRecord, pk, "request")
    if found is None:
        raise VersionConflict
    return found
