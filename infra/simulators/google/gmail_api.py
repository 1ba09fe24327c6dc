"""The Gmail API: https://developers.google.com/workspace/gmail/api/reference/rest (users, messages, history, labels), its guides
sync, push and sending, and https://developers.google.com/workspace/gmail/api/reference/quota (units of each method).

With gmail.metadata among its scopes a token is held to its limits, whatever others it has: no `q`, no full or raw message.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from infra.loopback import Asked, Said
from infra.simulators.google import errors, mail_search, page_tokens, scopes, send_message
from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.mailbox import HIDDEN, Change, Mailbox, Watch
from infra.simulators.google.messages import Mail
from infra.simulators.google.page_faults import PageFaults

MOST, _USUAL = 500, 100
WATCH = timedelta(days=7)
READS = (scopes.MAIL, scopes.MODIFY, scopes.READONLY, scopes.METADATA)
SENDS = (scopes.MAIL, scopes.MODIFY, scopes.COMPOSE, scopes.SEND)
_PATH = re.compile(r"/gmail/v1/users/([^/]+)/(profile|messages|history|labels|watch|stop)(?:/([^/]+))?")
_SERVICE, _METHOD = "gmail.googleapis.com", "caribou.api.proto.MailboxService"
_KINDS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}
# (method, noun, whether an id follows) -> its name, its scopes, its units
_METHODS = {
    ("GET", "profile", False): ("GetProfile", (*READS, scopes.COMPOSE), 1),
    ("GET", "messages", False): ("ListMessages", READS, 5),
    ("GET", "messages", True): ("GetMessage", READS, 5),
    ("POST", "messages", True): ("SendMessage", SENDS, 100),
    ("GET", "history", False): ("ListHistory", READS, 2),
    ("GET", "labels", False): ("ListLabels", (*READS, scopes.LABELS), 1),
    ("GET", "labels", True): ("GetLabel", (*READS, scopes.LABELS), 1),
    ("POST", "watch", False): ("Watch", READS, 100),
    ("POST", "stop", False): ("Stop", READS, 50),
}


class Gmail:
    """`topic` is the one that Gmail may publish to. `quota`: units for an account and minute; None: without limit.
    `page_size`: a page never has more than that."""

    def __init__(self, accounts: Accounts, page_faults: PageFaults, topic: str) -> None:
        self._accounts, self._page_faults, self.topic = accounts, page_faults, topic
        self.quota: int | None = None
        self.page_size = MOST
        self._spent: dict[tuple[str, int], int] = {}

    def answer(self, asked: Asked, account: Account, held: tuple[str, ...]) -> Said:
        """Paths below /gmail/v1/users. Refused."""
        found = _PATH.fullmatch(asked.path)
        key = (asked.method, found[2], found[3] is not None) if found else None
        if found is None or key not in _METHODS or (asked.method == "POST" and found[3] not in (None, "send")):
            return errors.say(404, "Not Found")
        if found[1] not in ("me", account.address):
            return errors.say(403, f"Delegation denied for {account.address}")
        name, allowed, units = _METHODS[key]
        if not set(allowed) & set(held):
            return errors.insufficient(_SERVICE, f"{_METHOD}.{name}", allowed)
        self._spend(account.address, units)
        run: dict[str, Callable[[], Said]] = {
            "GetProfile": lambda: _profile(account.mailbox),
            "ListMessages": lambda: self._list(asked, account, held),
            "GetMessage": lambda: _get(asked, account.mailbox.get(found[3]), held),
            "SendMessage": lambda: send_message.send(asked, account, self._accounts),
            "ListHistory": lambda: self._history(asked, account.mailbox),
            "ListLabels": lambda: Said(200, {"labels": [_label(each) for each in account.mailbox.labels()]}),
            "GetLabel": lambda: _counted(account.mailbox, found[3]),
            "Watch": lambda: self._watch(asked, account.mailbox),
            "Stop": lambda: _stop(account.mailbox),
        }
        return run[name]()

    def _spend(self, address: str, units: int) -> None:
        minute = clock.epoch() // 60
        spent = self._spent.get((address, minute), 0) + units
        if self.quota is not None and spent > self.quota:
            left = 60 - clock.epoch() % 60
            raise errors.Refused(errors.limit("userRateLimitExceeded", 429, left))
        self._spent = {key: value for key, value in self._spent.items() if key[1] == minute}
        self._spent[address, minute] = spent

    def spent(self, address: str) -> int:
        """Units in this minute."""
        return self._spent.get((address, clock.epoch() // 60), 0)

    def _list(self, asked: Asked, account: Account, held: tuple[str, ...]) -> Said:
        mailbox, query = account.mailbox, asked.query
        if "q" in query and scopes.METADATA in held:
            return errors.say(403, "Metadata scope does not support 'q' parameter", reason="forbidden")
        labels = asked.values("labelIds")
        unknown = [each for each in labels if each not in mailbox.labels()]
        if unknown:
            return _bad(f"Invalid label: {unknown[0]}")
        every = query.get("includeSpamTrash") == "true" or bool(HIDDEN & set(labels))
        page = _page(asked, page_tokens.digest(labels, every, query.get("q", "")), "Invalid pageToken")
        if page["after"] is not None:
            self._page_faults.between_mails(account)
            if self._page_faults.take("repeat", asked.path):
                page["after"] = page["before"]
        wanted = mail_search.matcher(query.get("q", ""))
        found = [mail for mail in mailbox.all() if set(labels) <= set(mail.labels) and wanted(mail)]
        found = [mail for mail in found if every or not HIDDEN & set(mail.labels)]
        rest = [mail for mail in found if page["after"] is None or mail.order < tuple(page["after"])]
        size = min(_size(asked), self.page_size)
        body: dict[str, Any] = {"messages": [mail.short() for mail in rest[:size]]} if rest else {}
        if len(rest) > size:
            body["nextPageToken"] = page_tokens.sealed(
                **{**page, "after": rest[size - 1].order, "before": page["after"]}
            )
        return Said(200, {**body, "resultSizeEstimate": len(found)})

    def _history(self, asked: Asked, mailbox: Mailbox) -> Said:
        start, kinds = asked.query.get("startHistoryId", ""), asked.values("historyTypes")
        if not start.isdigit():
            return _bad("Missing or invalid required parameter: startHistoryId")
        if any(each not in _KINDS for each in kinds):
            return _bad("Invalid value at 'history_types'")
        label = asked.query.get("labelId", "")
        page = _page(asked, page_tokens.digest(start, kinds, label), "Invalid pageToken")
        if page["after"] is not None and self._page_faults.take("repeat", asked.path):
            page["after"] = page["before"]
        changes = mailbox.since(int(start))
        if changes is None:
            return errors.say(404)
        found = [each for each in changes if (not kinds or each.kind in kinds) and (not label or label in each.labels)]
        rest = [each for each in found if page["after"] is None or each.id > page["after"]]
        size = min(_size(asked), self.page_size)
        body: dict[str, Any] = {"history": [_record(each) for each in rest[:size]]} if rest else {}
        if len(rest) > size:
            body["nextPageToken"] = page_tokens.sealed(**{**page, "after": rest[size - 1].id, "before": page["after"]})
        return Said(200, {**body, "historyId": str(mailbox.history)})

    def _watch(self, asked: Asked, mailbox: Mailbox) -> Said:
        wanted = asked.json() or {}
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
        return Said(200, body)


def _profile(mailbox: Mailbox) -> Said:
    mails = mailbox.all()
    threads = len({mail.thread for mail in mails})
    told = {"emailAddress": mailbox.address, "messagesTotal": len(mails), "threadsTotal": threads}
    return Said(200, {**told, "historyId": str(mailbox.history)})


def _get(asked: Asked, mail: Mail | None, held: tuple[str, ...]) -> Said:
    form = asked.query.get("format", "full").lower()
    if form not in ("minimal", "full", "raw", "metadata"):
        return _bad("Invalid value at 'format'")
    if scopes.METADATA in held and form in ("full", "raw"):
        return errors.say(403, f"Metadata scope doesn't allow format {form.upper()}", reason="forbidden")
    return errors.say(404) if mail is None else Said(200, mail.shown(form, asked.values("metadataHeaders")))


def _stop(mailbox: Mailbox) -> Said:
    mailbox.watch = None
    return Said(204, b"")


def _label(name: str) -> dict[str, Any]:
    return {"id": name, "name": name.removeprefix("Label_"), "type": "user" if name.startswith("Label_") else "system"}


def _counted(mailbox: Mailbox, name: str) -> Said:
    if name not in mailbox.labels():
        return errors.say(404)
    mails = [mail for mail in mailbox.all() if name in mail.labels]
    unread = [mail for mail in mails if "UNREAD" in mail.labels]
    counts = {"messagesTotal": len(mails), "messagesUnread": len(unread)}
    counts |= {"threadsTotal": len({m.thread for m in mails}), "threadsUnread": len({m.thread for m in unread})}
    return Said(200, {**_label(name), **counts})


def _record(change: Change) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": {**change.mail, "labelIds": list(change.labels)}}
    if change.which:
        entry["labelIds"] = list(change.which)
    return {"id": str(change.id), "messages": [change.mail], _KINDS[change.kind]: [entry]}


def _size(asked: Asked) -> int:
    text = asked.query.get("maxResults", "")
    return min(int(text), MOST) if text.isdigit() and int(text) else _USUAL


def _page(asked: Asked, same: str, message: str) -> dict[str, Any]:
    token = asked.query.get("pageToken", "")
    if not token:
        return {"after": None, "d": same}
    try:
        said = page_tokens.opened(token)
        if said["d"] == same:
            return said
    except (ValueError, KeyError) as error:
        raise errors.Refused(_bad(message)) from error
    raise errors.Refused(_bad(message))


def _bad(message: str) -> Said:
    return errors.say(400, message, reason="invalidArgument")
