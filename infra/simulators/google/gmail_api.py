"""The Gmail API: https://developers.google.com/workspace/gmail/api/reference/rest (users, messages, history, labels), its guides
sync, push and sending, and https://developers.google.com/workspace/gmail/api/reference/quota (units of each method).

With gmail.metadata among its scopes a token is held to its limits, whatever others it has: no `q`, no full or raw message.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.faults import Faults
from infra.simulators.google import errors, mail_search, page_tokens, scopes, send_message
from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.mailbox import HIDDEN, Change, Watch
from infra.simulators.google.page_faults import between_mails
from infra.simulators.replies import Refused, reply
from infra.simulators.simulator import PART

MOST, _USUAL = 500, 100
WATCH = timedelta(days=7)
READS = (scopes.MAIL, scopes.MODIFY, scopes.READONLY, scopes.METADATA)
SENDS = (scopes.MAIL, scopes.MODIFY, scopes.COMPOSE, scopes.SEND)
_SERVICE, _METHOD = "gmail.googleapis.com", "caribou.api.proto.MailboxService"
_KINDS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


class Gmail:
    """`topic` is the one that Gmail may publish to. `quota`: units for an account and minute; None: without limit.
    `page_size`: a page never has more than that. `concurrent`: so many calls of one batch are answered, the others refused ("Too
    many concurrent requests", …/guides/handle-errors: a batch's calls count as made at one time); None: all."""

    def __init__(self, accounts: Accounts, faults: Faults, topic: str) -> None:
        self._accounts, self._faults, self.topic = accounts, faults, topic
        self.quota: int | None = None
        self.concurrent: int | None = None
        self.page_size = MOST
        self._spent: dict[tuple[str, int], int] = {}

    def add_routes(self, add: Callable[[str, str, Callable[..., Response]], None]) -> None:
        """Add the methods by `add(method, path, view)`; a view is given the account and the scopes that the token has."""
        labels = (*READS, scopes.LABELS)
        methods: list[tuple[str, str, str, tuple[str, ...], int, Callable[..., Response]]] = [
            ("GET", "profile", "GetProfile", (*READS, scopes.COMPOSE), 1, _profile),
            ("GET", "messages", "ListMessages", READS, 5, self._list),
            ("GET", "messages/<ident>", "GetMessage", READS, 5, _get),
            ("POST", "messages/send", "SendMessage", SENDS, 100, self._send),
            ("GET", "history", "ListHistory", READS, 2, self._history),
            ("GET", "labels", "ListLabels", labels, 1, _labels),
            ("GET", "labels/<name>", "GetLabel", labels, 1, _counted),
            ("POST", "watch", "Watch", READS, 100, self._watch),
            ("POST", "stop", "Stop", READS, 50, _stop),
        ]
        for method, path, name, allowed, units, view in methods:
            add(method, f"/gmail/v1/users/<user>/{path}", self._checked(name, allowed, units, view))

    def _checked(self, name: str, allowed: tuple[str, ...], units: int, view: Callable[..., Response]) -> Any:
        def checked(account: Account, held: tuple[str, ...], user: str, **parts: str) -> Response:
            if user not in ("me", account.address):
                return errors.say(403, f"Delegation denied for {account.address}")
            if not set(allowed) & set(held):
                return errors.insufficient(_SERVICE, f"{_METHOD}.{name}", allowed)
            if self.concurrent is not None and request.environ.get(PART, 0) >= self.concurrent:
                return errors.say(429)
            self._spend(account.address, units)
            return view(account, held, **parts)

        return checked

    def _send(self, account: Account, _held: tuple[str, ...]) -> Response:
        return send_message.send(account, self._accounts)

    def _spend(self, address: str, units: int) -> None:
        minute = clock.epoch() // 60
        spent = self._spent.get((address, minute), 0) + units
        if self.quota is not None and spent > self.quota:
            left = 60 - clock.epoch() % 60
            raise Refused(errors.limit("userRateLimitExceeded", 429, left))
        self._spent = {key: value for key, value in self._spent.items() if key[1] == minute}
        self._spent[address, minute] = spent

    def spent(self, address: str) -> int:
        """Units in this minute."""
        return self._spent.get((address, clock.epoch() // 60), 0)

    def _list(self, account: Account, held: tuple[str, ...]) -> Response:
        mailbox, query = account.mailbox, request.args
        if "q" in query and scopes.METADATA in held:
            return errors.say(403, "Metadata scope does not support 'q' parameter", reason="forbidden")
        labels = request.args.getlist("labelIds")
        unknown = [each for each in labels if each not in mailbox.labels()]
        if unknown:
            return _bad(f"Invalid label: {unknown[0]}")
        every = query.get("includeSpamTrash") == "true" or bool(HIDDEN & set(labels))
        page = _page(page_tokens.digest(labels, every, query.get("q", "")), "Invalid pageToken")
        if page["after"] is not None:
            between_mails(self._faults, account)
            if self._faults.take(["repeat"], request.path):
                page["after"] = page["before"]
        wanted = mail_search.matcher(query.get("q", ""))
        found = [mail for mail in mailbox.all() if set(labels) <= set(mail.labels) and wanted(mail)]
        found = [mail for mail in found if every or not HIDDEN & set(mail.labels)]
        rest = [mail for mail in found if page["after"] is None or mail.order < tuple(page["after"])]
        size = min(_size(), self.page_size)
        body: dict[str, Any] = {"messages": [mail.short() for mail in rest[:size]]} if rest else {}
        if len(rest) > size:
            body["nextPageToken"] = page_tokens.sealed(
                **{**page, "after": rest[size - 1].order, "before": page["after"]}
            )
        return reply(200, {**body, "resultSizeEstimate": len(found)})

    def _history(self, account: Account, _held: tuple[str, ...]) -> Response:
        mailbox = account.mailbox
        start, kinds = request.args.get("startHistoryId", ""), request.args.getlist("historyTypes")
        if not start.isdigit():
            return _bad("Missing or invalid required parameter: startHistoryId")
        if any(each not in _KINDS for each in kinds):
            return _bad("Invalid value at 'history_types'")
        label = request.args.get("labelId", "")
        page = _page(page_tokens.digest(start, kinds, label), "Invalid pageToken")
        if page["after"] is not None and self._faults.take(["repeat"], request.path):
            page["after"] = page["before"]
        changes = mailbox.since(int(start))
        if changes is None:
            return errors.say(404)
        found = [each for each in changes if (not kinds or each.kind in kinds) and (not label or label in each.labels)]
        rest = [each for each in found if page["after"] is None or each.id > page["after"]]
        size = min(_size(), self.page_size)
        body: dict[str, Any] = {"history": [_record(each) for each in rest[:size]]} if rest else {}
        if len(rest) > size:
            body["nextPageToken"] = page_tokens.sealed(**{**page, "after": rest[size - 1].id, "before": page["after"]})
        return reply(200, {**body, "historyId": str(mailbox.history)})

    def _watch(self, account: Account, _held: tuple[str, ...]) -> Response:
        mailbox, wanted = account.mailbox, request.get_json(force=True, silent=True) or {}
        topic = wanted.get("topicName", "")
        if not re.fullmatch(r"projects/[^/]+/topics/[^/]+", topic):
            return _bad("Invalid topicName does not match projects/*/topics/*")
        if topic != self.topic:
            text = f"Error sending test message to Cloud PubSub {topic} : Resource not found (resource={topic})."
            return errors.say(404, text, reason="notFound")
        excluding = wanted.get("labelFilterBehavior", wanted.get("labelFilterAction", "")).lower() == "exclude"
        until = clock.now() + WATCH
        mailbox.watch = Watch(topic, frozenset(wanted.get("labelIds") or ()), excluding, until)
        mailbox.tell(mailbox.address, mailbox.history)  # a watch that succeeds is told of at once
        body = {"historyId": str(mailbox.history), "expiration": str(int(until.timestamp() * 1000))}
        return reply(200, body)


def _profile(account: Account, _held: tuple[str, ...]) -> Response:
    mailbox = account.mailbox
    mails = mailbox.all()
    threads = len({mail.thread for mail in mails})
    told = {"emailAddress": mailbox.address, "messagesTotal": len(mails), "threadsTotal": threads}
    return reply(200, {**told, "historyId": str(mailbox.history)})


def _get(account: Account, held: tuple[str, ...], ident: str) -> Response:
    mail, form = account.mailbox.get(ident), request.args.get("format", "full").lower()
    if form not in ("minimal", "full", "raw", "metadata"):
        return _bad("Invalid value at 'format'")
    if scopes.METADATA in held and form in ("full", "raw"):
        return errors.say(403, f"Metadata scope doesn't allow format {form.upper()}", reason="forbidden")
    return errors.say(404) if mail is None else reply(200, mail.shown(form, request.args.getlist("metadataHeaders")))


def _stop(account: Account, _held: tuple[str, ...]) -> Response:
    account.mailbox.watch = None
    return reply(204, b"")


def _label(name: str) -> dict[str, Any]:
    return {"id": name, "name": name.removeprefix("Label_"), "type": "user" if name.startswith("Label_") else "system"}


def _labels(account: Account, _held: tuple[str, ...]) -> Response:
    return reply(200, {"labels": [_label(each) for each in account.mailbox.labels()]})


def _counted(account: Account, _held: tuple[str, ...], name: str) -> Response:
    mailbox = account.mailbox
    if name not in mailbox.labels():
        return errors.say(404)
    mails = [mail for mail in mailbox.all() if name in mail.labels]
    unread = [mail for mail in mails if "UNREAD" in mail.labels]
    counts = {"messagesTotal": len(mails), "messagesUnread": len(unread)}
    counts |= {"threadsTotal": len({m.thread for m in mails}), "threadsUnread": len({m.thread for m in unread})}
    return reply(200, {**_label(name), **counts})


def _record(change: Change) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": {**change.mail, "labelIds": list(change.labels)}}
    if change.which:
        entry["labelIds"] = list(change.which)
    return {"id": str(change.id), "messages": [change.mail], _KINDS[change.kind]: [entry]}


def _size() -> int:
    text = request.args.get("maxResults", "")
    return min(int(text), MOST) if text.isdigit() and int(text) else _USUAL


def _page(same: str, message: str) -> dict[str, Any]:
    token = request.args.get("pageToken", "")
    if not token:
        return {"after": None, "d": same}
    try:
        said = page_tokens.opened(token)
        if said["d"] == same:
            return said
    except (ValueError, KeyError) as error:
        raise Refused(_bad(message)) from error
    raise Refused(_bad(message))


def _bad(message: str) -> Response:
    return errors.say(400, message, reason="invalidArgument")
