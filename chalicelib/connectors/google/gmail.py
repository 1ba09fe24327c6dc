"""The headers of a member's mailbox by the Gmail API, at the tiers gmail.metadata and gmail.readonly alike.

https://developers.google.com/workspace/gmail/api/guides/sync (full and partial synchronization), …/api/reference/rest/v1:
users.messages/list and /get (newest first; `q` is refused at gmail.metadata), users.history/list (404: the history id is too
old), users/watch.
"""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.connectors import http
from chalicelib.connectors.google import failures, hosts, mail_headers, transport
from chalicelib.connectors.google.transport import Transport
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import CursorExpired, MailPage, NotPermitted, Position, TokenSource
from chalicelib.core import clock, settings

METADATA = "https://www.googleapis.com/auth/gmail.metadata"
READONLY = "https://www.googleapis.com/auth/gmail.readonly"
_READ = (METADATA, READONLY)
HORIZON = timedelta(days=365)  # older messages are not read
# All that is asked for of a message; its words (snippet, Subject, body) are not.
MESSAGE_HEADERS = ["From", "To", "Cc", "Date", "Auto-Submitted", "List-Id", "Precedence"]
MESSAGE_FIELDS = "id,internalDate,labelIds,payload/headers"
# https://developers.google.com/workspace/gmail/api/reference/quota, of May 2026: 6,000 units a user a minute. Projects that are
# older have more of both limits, and pay 5 for messages.get.
UNITS = {"getProfile": 1, "messages.list": 5, "messages.get": 20, "history.list": 2, "watch": 100}
_PAGE_SIZE = 100  # two batches: a third of the units of a minute
_BATCH = 50  # more than that is not recommended (…/gmail/api/guides/batch)
_ROUNDS = 3


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
        units, at = 0, dict(position.at)
        if "history" not in at:
            profile = self._ask(self._users.getProfile(userId="me", fields="historyId"))
            at["history"], units = _history_id(profile), UNITS["getProfile"]
        asked = self._users.messages().list(
            userId="me", maxResults=_PAGE_SIZE, pageToken=at.get("page"), fields="messages/id,nextPageToken"
        )
        answer = self._ask(asked, follows="page" in at)
        found, spent = self._get(_ids(answer.get("messages")))
        units += UNITS["messages.list"] + spent
        horizon, token = clock.now() - HORIZON, answer.get("nextPageToken")
        headers = mail_headers.read(found)
        oldest = min((when for when in map(mail_headers.moment, found) if when), default=None)
        recent = tuple(header for header in headers if header.at >= horizon)
        if not token or (oldest is not None and oldest < horizon):
            return MailPage(Position(full=False, at={"history": at["history"]}), True, recent, units)
        return MailPage(Position(full=True, at={**at, "page": str(token)}), False, recent, units)

    def _changes(self, position: Position) -> MailPage:
        at = position.at
        asked = self._users.history().list(
            userId="me",
            startHistoryId=at["history"],
            historyTypes=["messageAdded"],
            maxResults=_PAGE_SIZE,
            pageToken=at.get("page"),
            fields="history/messagesAdded/message/id,historyId,nextPageToken",
        )
        answer = self._ask(asked, follows=True)
        # The first page's: what comes while later pages are read is read again by the next pass, not passed over.
        after = at.get("next") or _history_id(answer)
        history = answer.get("history")
        added = [
            entry.get("message")
            for record in (history if isinstance(history, list) else [])
            for entry in (record.get("messagesAdded") or () if isinstance(record, dict) else ())
            if isinstance(entry, dict)
        ]
        found, spent = self._get(_ids(added))
        headers, units, token = (
            tuple(mail_headers.read(found)),
            UNITS["history.list"] + spent,
            answer.get("nextPageToken"),
        )
        if token:
            further = {"history": at["history"], "next": after, "page": str(token)}
            return MailPage(Position(full=False, at=further), False, headers, units)
        return MailPage(Position(full=False, at={"history": after}), True, headers, units)

    def _get(self, idents: Sequence[str]) -> tuple[list[dict[str, Any]], int]:
        """Those of the messages that are still there, in this order, and the units that it took."""
        found: dict[str, dict[str, Any]] = {}
        units = 0
        for first in range(0, len(idents), _BATCH):
            wanted = list(idents[first : first + _BATCH])
            for attempt in range(_ROUNDS):
                units += UNITS["messages.get"] * len(wanted)
                wanted = self._round(wanted, found, last=attempt == _ROUNDS - 1)
                if not wanted:
                    break
                http.rest(attempt, self._until)
        return [found[ident] for ident in idents if ident in found], units

    def _round(self, idents: list[str], found: dict[str, dict[str, Any]], *, last: bool) -> list[str]:
        """One batch; which messages have to be asked for again. A message that is gone since it was listed is left out."""
        messages = self._users.messages()
        requests = {
            ident: messages.get(
                userId="me", id=ident, format="metadata", metadataHeaders=MESSAGE_HEADERS, fields=MESSAGE_FIELDS
            )
            for ident in idents
        }
        answers = transport.execute_batch(requests, hosts.present().gmail_batch, self._transport)
        again: list[str] = []
        for ident, answer in answers.items():
            if not isinstance(answer, Exception):
                found[ident] = answer
            elif isinstance(answer, ProviderRefused) and answer.status == failures.NOT_FOUND:
                continue
            elif isinstance(answer, ProviderDown) and not last and failures.soon(answer):
                again.append(ident)
            else:
                raise answer if not isinstance(answer, ProviderRefused) else ProviderDown(hosts.PROVIDER, sent=False)
        return again

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
            raise NotPermitted("scope_missing")

    @functools.cached_property
    def _users(self) -> Any:
        return transport.service("gmail", hosts.present().gmail, self._transport).users()


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
