"""The mails of one account with the history of their changes.

https://developers.google.com/workspace/gmail/api/guides/sync: ids of history rise with gaps; records are kept for a week.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock
from infra.simulators.google.messages import Mail, written

KEPT = timedelta(days=7)
SYSTEM_LABELS = (
    "INBOX SENT DRAFT SPAM TRASH UNREAD STARRED IMPORTANT CHAT CATEGORY_PERSONAL CATEGORY_SOCIAL CATEGORY_PROMOTIONS "
    "CATEGORY_UPDATES CATEGORY_FORUMS"  # separated by spaces
)
HIDDEN = frozenset({"SPAM", "TRASH"})


@dataclass(frozen=True)
class Change:
    """One record of history. `kind` as in historyTypes; `labels` are the mail's after it, `which` those added or removed."""

    id: int
    kind: str
    mail: dict[str, Any]
    labels: tuple[str, ...]
    which: tuple[str, ...]
    at: datetime


@dataclass
class Watch:
    """Whom to tell of changes, and until when. Without labels: of every change."""

    topic: str
    labels: frozenset[str]
    excluding: bool
    until: datetime


class Mailbox:
    """Not thread-safe: the simulator takes care. `tell` hears of each change that the watch covers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.watch: Watch | None = None
        self.tell: Callable[[str, int], None] = lambda _address, _history: None
        self._mails: dict[str, Mail] = {}
        self._changes: list[Change] = []
        self._threads: dict[str, str] = {}  # by Message-ID
        seed = int(hashlib.sha256(address.encode()).hexdigest()[:8], 16)
        self._next, self.history = 0x1900000000000000 + seed * 4096, 1000 + seed % 100_000
        self.floor = self.history  # changes up to here are forgotten

    def add(  # noqa: PLR0913 - what a mail has, all by keyword
        self,
        *,
        sender: str = "",
        to: Iterable[str] = (),
        cc: Iterable[str] = (),
        subject: str = "",
        text: str = "",
        html: str = "",
        at: datetime | None = None,
        labels: Iterable[str] = (),
        headers: dict[str, str] | None = None,
        answers: str = "",
        past: bool = False,
    ) -> Mail:
        """A mail that the account sent (`sender` is its own address, or empty) or received. `answers` is the id of a mail here.
        `past`: it came so long ago that no history tells of it."""
        moment, ident = at or clock.now(), self._ident()
        outgoing = _bare(sender) in ("", self.address.lower())
        told = dict(headers or {})
        earlier = self._mails.get(answers)
        if earlier is not None:
            told |= {"In-Reply-To": earlier.header("Message-ID"), "References": earlier.header("Message-ID")}
        raw = written(
            sender=sender or self.address,
            to=list(to) if outgoing else list(to) or [self.address],
            cc=list(cc),
            subject=subject,
            text=text,
            html=html,
            at=moment,
            message_id=told.pop("Message-ID", f"<CA{ident}@mail.gmail.com>" if outgoing else f"<{ident}@mail.example>"),
            headers=told,
        )
        marks = list(labels) or (["SENT"] if outgoing else ["INBOX", "UNREAD"])
        return self.put(raw, moment, marks, thread=earlier.thread if earlier else "", past=past, ident=ident)

    def put(
        self,
        raw: bytes,
        at: datetime,
        labels: list[str],
        *,
        thread: str = "",
        past: bool = False,
        ident: str = "",
        bcc: str = "",
    ) -> Mail:
        """A message as bytes; a thread of its own unless it answers one that is here."""
        made = Mail(ident or self._ident(), "", raw, at, labels, bcc=bcc)
        made.thread = thread or self._thread_of(made) or made.id
        self._mails[made.id] = made
        self._threads[made.header("Message-ID")] = made.thread
        if past:
            made.history = self.history
        else:
            self._record("messageAdded", made)
        return made

    def relabel(self, ident: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Mail:
        """KeyError where there is no such mail."""
        mail = self._mails[ident]
        added = tuple(each for each in add if each not in mail.labels)
        removed = tuple(each for each in remove if each in mail.labels)
        mail.labels = [each for each in (*mail.labels, *added) if each not in removed]
        for kind, which in (("labelAdded", added), ("labelRemoved", removed)):
            if which:
                self._record(kind, mail, which)
        return mail

    def delete(self, ident: str) -> None:
        """For ever. KeyError where there is no such mail."""
        self._record("messageDeleted", self._mails.pop(ident))

    def get(self, ident: str) -> Mail | None:
        return self._mails.get(ident)

    def all(self) -> list[Mail]:
        """Newest first."""
        return sorted(self._mails.values(), key=lambda mail: mail.order, reverse=True)

    def labels(self) -> list[str]:
        """The system's, then the user's own."""
        used = {label for mail in self._mails.values() for label in mail.labels}
        return [*SYSTEM_LABELS.split(), *sorted(used - set(SYSTEM_LABELS.split()))]

    def since(self, start: int) -> list[Change] | None:
        """The changes after that one, oldest first; None where they are forgotten, or it never was."""
        kept = clock.now() - KEPT
        for change in self._changes:
            if change.at < kept:
                self.floor = max(self.floor, change.id)
        self._changes = [each for each in self._changes if each.id > self.floor]
        if not self.floor <= start <= self.history:
            return None
        return [each for each in self._changes if each.id > start]

    def forget(self) -> None:
        """Let every history id given until now be too old."""
        self.history += 7
        self.floor = self.history
        self._changes.clear()

    def _record(self, kind: str, mail: Mail, which: tuple[str, ...] = ()) -> None:
        self.history += 7  # with gaps
        mail.history = self.history
        self._changes.append(Change(self.history, kind, mail.short(), tuple(mail.labels), which, clock.now()))
        watch = self.watch
        if watch is None or watch.until <= clock.now():
            return
        touches = bool(watch.labels & {*mail.labels, *which})
        if not watch.labels or touches != watch.excluding:
            self.tell(self.address, self.history)

    def _thread_of(self, mail: Mail) -> str:
        named = [*mail.header("In-Reply-To").split(), *mail.header("References").split()]
        return next((self._threads[each] for each in named if each in self._threads), "")

    def _ident(self) -> str:
        self._next += 4096
        return f"{self._next:016x}"


def _bare(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ").lower()
