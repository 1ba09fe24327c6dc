"""Labelled letters, read by the code that reads the mails to the privacy address: was the right understood, in which language?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.intake import Asked
from chalicelib.domain.privacy.parsing.mail import Drop, Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind
from tests.evaluate.tally import Tally

_OURS = EmailAddress.parse("privacy@iko.example")
_PROVEN = Verdicts(spam="PASS", virus="PASS", dmarc="PASS")
_NONE = "none"
# What sets of letters call by a name of their own, or more finely than the product, and how the product may read it.
_ALSO_READ_AS = {
    "source": {"access"},
    "stop": {"objection"},
    "unsubscribe": {"objection"},
    "opt_out": {"objection"},
    "do_not_sell": {"objection"},
    "consent": {"objection", "consent_withdrawn"},
    "consent_withdrawn": {"objection", "consent"},
    "withdraw_consent": {"objection", "consent", "consent_withdrawn"},
}
_THE_WRITER = {"", "self", "writer", "me"}
_EVERYTHING = {"", "all", "everything", "whole"}
_EARLIER = {"access", "portability", "rectification"}  # rights that a one-click erasure would take away
# Read and answered; the others get the form.
FOURTEEN = frozenset(["en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ro", "el", "hr"])


@dataclass(frozen=True)
class Letter:
    """One labelled mail. `whole`: an erasure that is plainly of everything of the writer's own, so that it gets the link."""

    ident: str
    language: str
    intent: str
    subject: str
    body: str
    whole: bool
    half: str = ""

    @property
    def raw(self) -> bytes:
        """The mail as it is sent."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = "Person <person@example.org>", _OURS.text
        mail["Subject"] = " ".join(self.subject.split())
        mail["Message-ID"] = "<letter@example.org>"
        mail.set_content(self.body, charset="utf-8", cte="8bit")
        return mail.as_bytes()


def letters(path: Path) -> Iterator[Letter]:
    """Yield the letters of a file of JSON lines (see the README of the set)."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        said = {name: str(row.get(name) or "").lower() for name in ("scope", "about", "note", "half", "expect")}
        others = set(map(str, row.get("secondary_intents") or []))
        whole = said["scope"] in _EVERYTHING and said["about"] in _THE_WRITER and "partial" not in said["note"]
        yield Letter(
            ident=str(row["id"]),
            language=str(row["lang"]),
            intent=str(row["intent"]),
            subject=str(row.get("subject") or ""),
            body=str(row["body"]),
            whole=said["expect"] == "link" if said["expect"] else whole and not others & _EARLIER,
            half=said["half"],
        )


@dataclass(frozen=True)
class Outcome:
    """What becomes of a mail: the rights that were read, whether a one-click link to erase everything goes out, the language of
    the writer as it was told, and whether anything is answered at all."""

    rights: tuple[str, ...] = ()
    link: bool = False
    language: str = ""
    answered: bool = False


def outcome(raw: bytes) -> Outcome:
    """Return what the product makes of a raw mail that DMARC passed."""
    found = read(raw, _PROVEN, [_OURS])
    return Outcome() if isinstance(found, Drop) else _of_reading(found)


def _of_reading(found: Reading) -> Outcome:
    asked = Asked(found.rights, found.certain, found.language, found.text)
    link = asked.settled and found.rights[0] is RightKind.ERASURE
    read_as = (*map(str, found.rights), *map(str, found.marks))  # a complaint is no right, and a mark of ours
    return Outcome(read_as, link, found.language, found.addressed)


def judge(letter: Letter, tally: Tally) -> None:
    """Count what became of a letter: its right, or that an ordinary mail is left alone; and its language."""
    got = outcome(letter.raw)
    if letter.intent == _NONE:
        tally.add("ordinary: no link", letter.language, letter.ident, right=not got.link, wrong=got.link, read="link")
        tally.add(
            "ordinary: no answer",
            letter.language,
            letter.ident,
            right=not got.answered,
            wrong=got.answered,
            read="answered",
        )
    else:
        _judge_right(letter, got, tally)
    if got.answered:
        right = got.language == letter.language
        tally.add(
            "language",
            letter.language,
            letter.ident,
            right=right,
            wrong=not right and bool(got.language),
            read=got.language,
        )


def _judge_right(letter: Letter, got: Outcome, tally: Tally) -> None:
    """A link where none belongs is wrong whatever else was read; another right than the one asked for is wrong too."""
    accepted = {letter.intent} | _ALSO_READ_AS.get(letter.intent, set())
    known = bool(accepted & set(got.rights))
    erasing = letter.intent == str(RightKind.ERASURE)
    linked = erasing and letter.whole
    right = got.link if linked and letter.language in FOURTEEN else known and (linked or not got.link)
    wrong = (got.link and not linked) or (bool(got.rights) and not known)
    what = letter.intent
    if erasing:
        what += ": link" if linked else ": of a part or another, no link"
    if letter.language not in FOURTEEN:
        what += " (form only)"
    read_as = f"{'link ' if got.link else ''}{' '.join(got.rights) or 'nothing'}"
    tally.add(what, letter.language, letter.ident, right=right, wrong=wrong, read=read_as)
