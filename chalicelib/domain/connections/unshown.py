"""What an account does not show of itself, told to its member in one mail: of a stream or a field again only after it was shown
in between."""

from datetime import timedelta

from chalicelib.core import clock, ids, log
from chalicelib.core.stream_codes import StreamReason
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections import letters, repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, ConnectionState, StreamHealth, StreamState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.texts import render

NAME = "account_shows_less"
# A refusal may pass by itself, or be one of all streams, at which the connection stops and says so: it is believed when it has
# lasted. That fields are hidden is a setting there.
_BELIEVED_AFTER = timedelta(hours=1)


def tell(record: ConnectionRecord, payload: ConnectionPayload) -> None:
    """Tell the member what is news of what the account does not show, where `payload`, as just written, has any. Not where it
    shows nothing at all: then the connection stops, and says so.

    The reading does not wait for it: where the mail is not taken now, the next run tells.
    """
    streams = payload.health.streams
    if {*payload.unshown} == {*_unshown(payload)} or all(each.state is StreamState.UNREADABLE for each in streams):
        return
    try:
        rows.settle(record, _write)
    except mails.NotTaken as error:
        log.failure("account_shows_less_not_told", error, tenant=record.tenant)


def _write(record: ConnectionRecord) -> None:
    payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
    found = _unshown(payload)
    left = [name for name in payload.unshown if name in found]
    news = [name for name, believed in found.items() if believed and name not in left]
    member = member_lookup.readable(record.tenant, ids.owned_of(PREFIX, record.sk).owner) if news else None
    if payload.state is ConnectionState.ENDING or (not news and payload.unshown == left):
        return
    if member is None:
        payload.unshown = left
        repository.save(record, payload)
        return
    own = member.own.unsealed(MemberPayload)
    mail = letters.written(own, NAME, payload, unshown="\n".join(_lines(payload, news, own.settings.language)))
    payload.mails.pop(NAME, None)

    def save() -> None:
        """What was told, with the mail's claim; a mail that was not taken has told nothing."""
        payload.unshown = [*left, *news] if NAME in payload.mails else left
        repository.save(record, payload)

    mails.once(payload.mails, NAME, mail, save)


def _unshown(payload: ConnectionPayload) -> dict[str, bool]:
    """By name, whether it is believed."""
    found: dict[str, bool] = {}
    for each in payload.health.streams:
        if each.state is StreamState.UNREADABLE:
            found[each.stream] = each.reason == StreamReason.FIELDS_HIDDEN or _lasts(each)
        found |= {f"{each.stream}.{hidden.field}": True for hidden in each.hidden_fields}
    return found


def _lasts(stream: StreamHealth) -> bool:
    return stream.since is not None and clock.now() - stream.since >= _BELIEVED_AFTER


def _lines(payload: ConnectionPayload, news: list[str], language: str) -> list[str]:
    """A line for each: stream, field, and what it means."""
    lines = []
    for each in payload.health.streams:
        stream = render.word("stream", each.stream, language)
        if each.stream in news:
            meaning = render.word("unreadable", each.reason or StreamReason.REFUSED, language)
            lines.append(render.sentence("unreadable_stream", language, stream=stream, meaning=meaning))
        for hidden in each.hidden_fields:
            if f"{each.stream}.{hidden.field}" in news:
                meaning = render.word("absent", hidden.code, language)
                told = {"stream": stream, "field": hidden.field, "meaning": meaning}
                lines.append(render.sentence("hidden_field", language, **told))
    return lines
