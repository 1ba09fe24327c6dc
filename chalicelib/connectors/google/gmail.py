"""The headers of a member's mailbox by the Gmail API, by the scopes gmail.metadata and gmail.readonly alike.

https://developers.google.com/workspace/gmail/api/guides/sync (full and partial synchronization), …/api/reference/rest/v1:
users.messages/list and /get (newest first; `q` is refused at gmail.metadata), users.history/list (404: the history id is too
old), users/watch.
"""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.connectors.google import failures, hosts, mail_headers, transport
from chalicelib.connectors.google.messages import Fetched, Messages, Pace
from chalicelib.connectors.google.transport import Transport
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import CursorExpired, Header, MailPage, NotPermitted, Position, TokenSource
from chalicelib.core import clock, settings
from chalicelib.core.stream_codes import StreamReason

METADATA = "https://www.googleapis.com/auth/gmail.metadata"
READONLY = "https://www.googleapis.com/auth/gmail.readonly"
_READ = (METADATA, READONLY)
HORIZON = timedelta(days=365)  # older messages are not read
# https://developers.google.com/workspace/gmail/api/reference/quota, of May 2026: 6,000 units a user a minute. Projects that are
# older have more of both limits, and pay 5 for messages.get.
UNITS = {"getProfile": 1, "messages.list": 5, "messages.get": 20, "history.list": 2, "watch": 100}
_PAGE_SIZE = 100  # two batches: a third of the units of a minute
_OF_A_PAGE = ("batch", "clean")  # in a position, of the batches of the page before


class Mail:
    """port.Mailbox of one account. `scopes` are those that were granted; none known: Google will say."""

    def __init__(self, tokens: TokenSource, scopes: Sequence[str], until: float | None = None) -> None:
        self._transport, self._scopes, self._until = Transport(tokens, until), scopes, until

    def start(self) -> Position:
        """See port.Mailbox."""
        return Position(full=True)

    def page(self, position: Position) -> MailPage:
        """See port.Mailbox. A full pass goes back for HORIZON; what comes while it lasts is found by the pass after it, which
        begins where the mailbox stood before this one."""
        self._permitted()
        return self._full(position) if position.full else self._changes(position)

    def watch(self) -> datetime | None:
        """See port.Mailbox. Asked again it is renewed; Gmail ends it after seven days."""
        topic = settings.current().connectors.gmail_topic
        if not topic:
            return None
        self._permitted()
        body = {"topicName": topic, "labelIds": ["INBOX"], "labelFilterBehavior": "include"}
        answer = self._ask(self._users.watch(userId="me", body=body))
        return _moment(answer.get("expiration"))

    def _full(self, position: Position) -> MailPage:
        at, units = dict(position.at), 0
        if "history" not in at:
            profile = self._ask(self._users.getProfile(userId="me", fields="historyId"))
            at["history"], units = _history_id(profile), UNITS["getProfile"]
        idents = at.pop("rest", "").split()
        if not idents:
            asked = self._users.messages().list(
                userId="me", maxResults=_PAGE_SIZE, pageToken=at.get("page"), fields="messages/id,nextPageToken"
            )
            answer = self._ask(asked, follows="page" in at)
            idents, units = _ids(answer.get("messages")), units + UNITS["messages.list"]
            _further(at, answer)
        got = self._messages.fetch(idents, Pace.of(at))
        found, horizon = _in_order(got, idents), clock.now() - HORIZON
        oldest = min((when for when in map(mail_headers.moment, found) if when), default=None)
        if oldest is not None and oldest < horizon:
            at.pop("page", None)
        recent = tuple(header for header in mail_headers.read(found) if header.at >= horizon)
        return _page(at, got, recent, units, full=True)

    def _changes(self, position: Position) -> MailPage:
        at, units = dict(position.at), 0
        idents = at.pop("rest", "").split()
        if not idents:
            asked = self._users.history().list(
                userId="me",
                startHistoryId=at["history"],
                historyTypes=["messageAdded"],
                maxResults=_PAGE_SIZE,
                pageToken=at.get("page"),
                fields="history/messagesAdded/message/id,historyId,nextPageToken",
            )
            answer = self._ask(asked, follows=True)
            idents, units = _ids(_added(answer)), UNITS["history.list"]
            # The first page's: what comes while later pages are read is read again by the next pass, not passed over.
            at["next"] = at.get("next") or _history_id(answer)
            _further(at, answer)
        got = self._messages.fetch(idents, Pace.of(at))
        return _page(at, got, tuple(mail_headers.read(_in_order(got, idents))), units, full=False)

    def _ask(self, request: Any, *, follows: bool = False) -> dict[str, Any]:
        """The answer to one request; `follows`: it names a place that Gmail gave us, and may have forgotten."""
        try:
            return transport.execute(request)
        except ProviderRefused as refused:
            if follows and refused.status in (failures.BAD_REQUEST, failures.NOT_FOUND):
                raise CursorExpired from None
            raise ProviderDown(hosts.PROVIDER, sent=False) from None

    def _permitted(self) -> None:
        if self._scopes and not any(scope in self._scopes for scope in _READ):
            raise NotPermitted(StreamReason.SCOPE_MISSING, final=True)

    @functools.cached_property
    def _users(self) -> Any:
        return transport.service("gmail", hosts.present().gmail, self._transport).users()

    @functools.cached_property
    def _messages(self) -> Messages:
        return Messages(self._users, self._transport, self._until, UNITS["messages.get"])


def _further(at: dict[str, str], answer: dict[str, Any]) -> None:
    """Note in a position which page of the list comes after this answer, if any does."""
    at.pop("page", None)
    if answer.get("nextPageToken"):
        at["page"] = str(answer["nextPageToken"])


def _page(at: dict[str, str], got: Fetched, headers: tuple[Header, ...], units: int, *, full: bool) -> MailPage:
    """The page of what came; its position goes on with the rest of it, else the list's next page, else the next pass."""
    pace, spent = got.pace.carried(), units + got.units
    kept = {name: value for name, value in at.items() if name not in _OF_A_PAGE}
    if got.rest or "page" in at:
        rest = {"rest": " ".join(got.rest)} if got.rest else {}
        return MailPage(Position(full, {**kept, **pace, **rest}), False, headers, spent, got.failure)
    return MailPage(Position(False, {"history": at.get("next", at["history"]), **pace}), True, headers, spent)


def _in_order(got: Fetched, idents: Sequence[str]) -> list[dict[str, Any]]:
    """Those of the messages that came, in the order in which they were listed."""
    return [got.found[ident] for ident in idents if ident in got.found]


def _added(answer: dict[str, Any]) -> list[Any]:
    """The messages of history's records."""
    history = answer.get("history")
    return [
        entry.get("message")
        for record in (history if isinstance(history, list) else [])
        for entry in (record.get("messagesAdded") or () if isinstance(record, dict) else ())
        if isinstance(entry, dict)
    ]


def _ids(messages: Any) -> list[str]:
    """Each once, in this order."""
    entries = messages if isinstance(messages, list) else []
    found = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return list(dict.fromkeys(ident for ident in found if isinstance(ident, str) and ident))


def _history_id(answer: dict[str, Any]) -> str:
    ident = str(answer.get("historyId") or "")
    if not ident.isdigit():
        raise ProviderDown(hosts.PROVIDER)
    return ident


def _moment(millis: Any) -> datetime:
    if not str(millis).isdigit():
        raise ProviderDown(hosts.PROVIDER)
    return datetime.fromtimestamp(int(millis) / 1000, UTC)
