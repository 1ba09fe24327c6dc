"""A raw mail -> who wrote it and what it asks, or the reason for silence.

Only SES's verdicts are trusted; every header inside the mail is the sender's own claim. The first two megabytes are read:
a person's words come before what is attached.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape
from typing import Any

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing import doubts, mime
from chalicelib.domain.privacy.parsing.folding import plain
from chalicelib.domain.privacy.parsing.intent import Wish, Writer, read_wish
from chalicelib.domain.privacy.parsing.language import detect
from chalicelib.domain.privacy.parsing.lexicon import LANGUAGES
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.parsing.mime import Mail
from chalicelib.domain.privacy.parsing.quotations import before_doubtful, newly_written, only_earlier
from chalicelib.domain.privacy.parsing.sender import Several, Unreadable, sender
from chalicelib.domain.privacy.states import RightKind

READ_AT_MOST = 2_000_000  # bytes
_TEXT_AT_MOST = 20_000  # characters
_HTML_AT_MOST = 500_000  # characters
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|sv):\s*)?(?:auto(?:matic|matisch\w*|matisk\w*|matique|matica|maticka|matyczna|matski|matikus)?[- ]?"
    r"(?:response|reply|antwort|antwoord|svar|odpoved|odpowiedz|odgovor|valasz)|out of (?:the )?office|reponse automatique|"
    r"absence du bureau|abwesenheits\w*|respuesta automatica|risposta automatica|resposta automatica|raspuns automat|otomatik yanit|"
    r"αυτοματη απαντηση|automaattinen vastaus|автоматич\w+ (?:ответ|отговор|видповидь|відповідь)|afwezig\w*|franvaro\w*|fravaer\w*)"
)
_BOUNCED_SUBJECT = re.compile(  # as mail servers write it, and not a person who says that nobody answered
    r"^\s*(?:undeliver(?:able|ed mail)\b.{0,20}(?::|returned to sender)|delivery status notification \(|mail delivery failed\b|"
    r"failure notice\s*$|returned mail:|warning: (?:could not send|message delayed))"
)
_REQUEST = re.compile(r"(?<=\+)req_[0-9a-z]{26}(?=@)", re.ASCII | re.IGNORECASE)
_REPLY = re.compile(r"^\s*(?:re|aw|sv|rv|rif|ref|rep|r|antw|odp|odg|res|rasp|vs|απ)\s*(?:\[\d+\])?\s*:")


class Drop(StrEnum):
    """Why a mail is met with silence. Counted, never answered."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    MAILING_LIST = "mailing_list"
    DMARC_FAIL = "dmarc_fail"
    SPAM = "spam"
    VIRUS = "virus"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    OWN_LOOP = "own_loop"


@dataclass(frozen=True)
class Verdicts:
    """SES's verdicts: PASS, FAIL, GRAY, PROCESSING_FAILED or DISABLED."""

    spam: str = ""
    virus: str = ""
    dmarc: str = ""

    @classmethod
    def from_receipt(cls, receipt: Mapping[str, Any]) -> "Verdicts":
        """Return the verdicts in the `receipt` of SES's notification."""
        return cls(
            *(str((receipt.get(f"{name}Verdict") or {}).get("status", "")) for name in ("spam", "virus", "dmarc"))
        )


@dataclass(frozen=True)
class Reading:
    """A person's mail. `language` is the one that most of it is written in, empty where that is not plain (parsing.language).
    `text` is what the person newly wrote, the subject first. `unread` names what was not read of it
    (mime.Mail; `size`: it is larger than what is read at most; `text`: there was none). `marks`: why a person of ours has to
    read it. `addressed`: it may ask something of us, and gets an answer; a newsletter does not. `answers`: the id of the request
    that it says it answers, by an address of ours that it is sent to or by what it refers to; the sender's own claim."""

    sender: EmailAddress
    language: str
    rights: tuple[RightKind, ...]
    certain: bool
    text: str
    message_id: str
    unread: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    addressed: bool = True
    answers: str = ""


def read(raw: bytes, verdicts: Verdicts, ours: Collection[EmailAddress]) -> Reading | Drop:
    """Return the reading of a raw RFC 5322 mail, or the reason to drop it.

    Never raises, whatever a sender sends, and takes time in proportion to what is read of the mail.
    """
    refused = _by_verdict(verdicts)
    if refused:
        return refused
    mail = Mail(raw[:READ_AT_MOST])
    subject = mime.unworded(mail.head.field("subject"))
    automatic = _by_header(mail.head, plain(subject))
    if automatic:
        return automatic
    written_by = _sender(mail.head, mail.froms)
    if isinstance(written_by, Drop):
        return written_by
    if written_by.exact in {address.exact for address in ours}:
        return Drop.OWN_LOOP
    if written_by.exact.rpartition("@")[0] in ("mailer-daemon", "postmaster"):
        return Drop.BOUNCE
    return _reading(raw, mail, subject, written_by)


def _reading(raw: bytes, mail: Mail, subject: str, written_by: EmailAddress) -> Reading:
    given = _body(mail)
    written = newly_written(given)
    body = written[:_TEXT_AT_MOST]
    # The subject of a reply is ours, not the person's.
    theirs = "" if _REPLY.match(plain(subject)) else subject
    # What stands above a mail that is passed on is the writer's own.
    passed_on = doubts.forwarded(plain(subject)) and len(written.split()) == len(given.split())
    # Where a reply is too short to tell, it is in the language that we wrote in.
    language = detect(theirs, body).language or detect(subject if not theirs else "", "").language
    sent_back = bool(_REPLY.match(plain(subject))) and only_earlier(given)
    own_words = not (passed_on or sent_back or doubts.only_quoted(body))
    writer = Writer(written_by.exact, mime.unworded(mail.head.field("from")).partition("<")[0])
    wish = _plainly_own(theirs, body, read_wish(theirs, body, writer, own_words, language))
    wish = _with_attached(wish, mail.notes)
    left_out = {
        "size": len(raw) > READ_AT_MOST,
        "length": len(written) > len(body),
        "text": not (body or mail.notes),
    }
    return Reading(
        sender=written_by,
        language=language or (wish.spoken if wish.rights else ""),
        rights=wish.rights,
        # A language near to one of ours is read by that one's words, and not well enough to act on it.
        certain=wish.certain and language in ("", *LANGUAGES),
        text="\n\n".join([f"{subject}\n\n{body}", *mail.notes]).strip()[:_TEXT_AT_MOST],
        message_id=_message_id(mail.head),
        unread=tuple(sorted(mail.unread | {what for what, so in left_out.items() if so})),
        marks=tuple(sorted(wish.marks)),
        # What is all in parts that are not read may ask anything.
        addressed=wish.addressed or (left_out["text"] and bool(mail.unread)),
        answers=_answers(mail.head),
    )


def _answers(head: mime.Entity) -> str:
    said = " ".join(head.field(name) for name in ("to", "cc", "in-reply-to", "references"))
    found = _REQUEST.search(said)
    return found[0].lower() if found else ""


def _plainly_own(subject: str, body: str, wish: Wish) -> Wish:
    """The wish, and not certain where it stands only below what may begin another's words."""
    own = before_doubtful(body) if wish.certain else body
    return wish if own == body or read_wish(subject, own).certain else replace(wish, certain=False)


def _with_attached(wish: Wish, notes: Sequence[str]) -> Wish:
    """What a mail asks for together with the plain texts attached to it, which may be another's: nothing is done by them alone."""
    if not notes:
        return wish
    attached = read_wish("", "\n\n".join(notes), own_words=False)
    return Wish(
        tuple(dict.fromkeys((*wish.rights, *attached.rights))),
        wish.certain and attached.rights in ((), (RightKind.ERASURE,)) and not attached.marks,
        wish.marks | attached.marks,
        wish.addressed or attached.addressed,
    )


def _by_verdict(verdicts: Verdicts) -> Drop | None:
    if verdicts.virus == "FAIL":
        return Drop.VIRUS
    if verdicts.spam == "FAIL":
        return Drop.SPAM
    return Drop.DMARC_FAIL if verdicts.dmarc == "FAIL" else None


def _by_header(head: mime.Entity, subject: str) -> Drop | None:
    def value(name: str) -> str:
        return head.field(name).strip().lower()

    if value("return-path") == "<>" or _BOUNCED_SUBJECT.match(subject) or head.content.media_type == "multipart/report":
        return Drop.BOUNCE
    if value("auto-submitted") not in ("", "no") or value("x-autoreply") or value("x-autorespond"):
        return Drop.AUTO_REPLY
    if value("precedence") == "auto_reply" or _AUTOMATIC_SUBJECT.match(subject):
        return Drop.AUTO_REPLY
    if value("list-id") or value("list-unsubscribe") or value("precedence") in ("bulk", "list", "junk"):
        return Drop.MAILING_LIST
    return None


def _sender(head: mime.Entity, froms: int | None) -> EmailAddress | Drop:
    """Whom the From names. Where line ends that SMTP has not would let another reader see more of these fields, or fewer, the
    verdict may be on another than the one read here: nobody is named."""
    written = head.fields.get("from", [])
    if len(written) > 1 or froms not in (None, len(written)) or any(map(mime.too_long, written)):
        return Drop.SEVERAL_SENDERS
    try:
        return sender("".join(written))
    except Several:
        return Drop.SEVERAL_SENDERS
    except Unreadable:
        return Drop.NO_SENDER


def _message_id(head: mime.Entity) -> str:
    found = re.search(r"<[^<>\s]{1,250}>", head.field("message-id"))
    return found[0] if found and found[0].isascii() else ""


def _body(mail: Mail) -> str:
    """What is written in the mail: each plain text, since programs cut a text in two where a picture stands in it; where there is
    none the HTML ones."""
    plain_texts: list[str] = []
    htmls: list[str] = []
    for kind, text in mail.texts():
        if kind in ("text/plain", "text/html") and text.strip():
            (plain_texts if kind == "text/plain" else htmls).append(text)
    if plain_texts:
        return "\n".join(plain_texts).replace("\0", "")
    if any(len(html) > _HTML_AT_MOST for html in htmls):
        mail.unread.add("length")
    return "\n".join(map(_text_of, htmls)).replace("\0", "")


_HIDDEN = frozenset(["style", "script", "head", "title", "blockquote"])
_BREAKING = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3"])
_ENDLESS = re.compile(r"&#(?:x[0-9a-f]{9,}|[0-9]{9,});?", re.IGNORECASE)  # no character, and long to reckon
_TAG = re.compile(r"(/?)([a-z][a-z0-9]*)", re.IGNORECASE)


def _text_of(html: str) -> str:
    """Visible text; blocks end lines, quoted mails are left out. One pass over the text, whatever it holds: the parser of the
    standard library takes quadratic time on what a sender may well send."""
    parts: list[str] = []
    hidden = 0
    first, *pieces = html[:_HTML_AT_MOST].split("<")
    parts.append(first)
    for piece in pieces:
        tag, closed, text = piece.partition(">")
        found = _TAG.match(tag)
        if not closed and found is None:
            text = "<" + piece  # a lone sign, not a tag
        name = found[2].lower() if found else ""
        if name in _HIDDEN:
            hidden = max(0, hidden - 1) if found and found[1] else hidden + 1
        elif name == "body":
            hidden = 0
        elif name in _BREAKING:
            parts.append("\n")
        if not hidden:
            parts.append(text)
    return unescape(_ENDLESS.sub("\N{REPLACEMENT CHARACTER}", "".join(parts)))
