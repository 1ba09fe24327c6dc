"""A raw mail, taken apart: its head, and its texts one after the other (RFC 5322, 2045 to 2047, 2231, 6532).

The work is in proportion to the mail's size, whatever it holds, and nothing raises. The standard library's parser is not used: it
calls itself for each mail within a mail, asks every open container about each line, and reads heads in quadratic time.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.domain.privacy.parsing.charsets import decoded
from chalicelib.domain.privacy.parsing.marks import ATTACHED

_DEPTH_AT_MOST = 20  # containers within containers
_PARTS_AT_MOST = 200
_BOUNDARY_AT_MOST = 200  # characters; the standard allows 70
_HEADER_AT_MOST = 2_000  # characters of a field that are read
_FIELDS_OF_A_NAME = 3
_TEXT_AT_MOST = 500_000  # bytes of one text, as it was sent
_NOTES_AT_MOST = 3
_FILE = re.compile(r"\.(pdf|docx?|odt|rtf|txt|pages|xlsx?|jpe?g|png|heic|tiff?|zip)(?=[\"'\s;?]|$)")
_FILE_OF_TYPE = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/rtf": "rtf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/plain": "txt",
}
_NAMES = frozenset(
    [
        "auto-submitted",
        "cc",
        "content-disposition",
        "content-transfer-encoding",
        "content-type",
        "from",
        "in-reply-to",
        "list-id",
        "list-unsubscribe",
        "message-id",
        "precedence",
        "references",
        "return-path",
        "subject",
        "to",
        "x-autorespond",
        "x-autoreply",
    ]
)
_FOLDED = re.compile(rb"\n[ \t]+")
_FROM = re.compile(rb"(?:\A|[\r\n])from[ \t]{0,10}:", re.IGNORECASE)
_NAME = re.compile(rb"[!-9;-~]{1,100}[ \t]{0,10}")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}", re.ASCII)
_PARAMETER = re.compile(
    r';\s*([a-z]{1,20})(?:\*(\d{0,2})\*?)?\s*=\s*("(?:[^"\\]|\\.)*+"|[^;\s]*+)', re.ASCII | re.IGNORECASE
)
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?]*+)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bq]\?)", re.IGNORECASE)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")
_SOFT = re.compile(rb"=[ \t]+\n")  # a line that goes on, with the blanks that some servers put at its end


@dataclass(frozen=True)
class ContentType:
    """`media_type` in lower case; parameters by their names, as they were sent."""

    media_type: str = "text/plain"
    boundary: str = ""
    charset: str = ""


@dataclass(frozen=True)
class Entity:
    """A mail or a part of one: the fields of its head by lower-case name, and where its body stands."""

    fields: dict[str, list[str]]
    start: int
    end: int
    content: ContentType = ContentType()

    def field(self, name: str) -> str:
        """Return the first field of that name, empty where there is none."""
        return self.fields.get(name, [""])[0]


@dataclass
class Mail:
    """A raw mail. `unread` names what was left out as its texts were asked for: `depth`, `parts`, `mails` within it,
    `charset`, `length`, and what is attached by its kind (`attached:pdf`). `notes` are attached plain texts. `froms`: how many lines of the head as SMTP ends it begin as a From does; None where that is not told
    by its line ends."""

    raw: bytes
    unread: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        head, ended, _ = self.raw.partition(b"\r\n\r\n")
        self.froms = len(_FROM.findall(head)) if ended else None
        self.raw = self.raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self.head = self._entity(0, len(self.raw))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the media type and the text of each part that is text and no attachment, in order."""
        waiting, seen = [(self.head, 0)], 0
        while waiting:
            entity, depth = waiting.pop()
            seen += 1
            if seen > _PARTS_AT_MOST:
                self.unread.add("parts")
                return
            kind = entity.content.media_type
            if kind.startswith("multipart/") and entity.content.boundary:
                if depth >= _DEPTH_AT_MOST:
                    self.unread.add("depth")
                else:
                    waiting += [(part, depth + 1) for part in reversed(list(self._parts(entity)))]
            elif kind.startswith("message/"):
                self.unread.add("mails")
            elif kind.startswith(("text/", "multipart/")) and not _attached(entity):
                yield ("text/plain" if kind.startswith("multipart/") else kind), self._text(entity)
            elif kind == "text/plain" and len(self.notes) < _NOTES_AT_MOST:
                self.notes.append(self._text(entity))
            elif found := _kind_of_file(entity):
                self.unread.add(ATTACHED + found)

    def _parts(self, entity: Entity) -> Iterator[Entity]:
        """The parts between the lines of the boundary, one more than are read at most."""
        line = b"--" + entity.content.boundary.encode("utf-8")
        begun, found = None, 0
        at = entity.start if self.raw.startswith(line, entity.start) else self._line(line, entity.start, entity.end)
        while found <= _PARTS_AT_MOST:
            if begun is not None:
                yield self._entity(begun, at if at >= 0 else entity.end)
                found += 1
            if at < 0:
                return
            after = at + len(line)
            if self.raw.startswith(b"--", after):
                return
            ends = self.raw.find(b"\n", after, entity.end)
            begun = entity.end if ends < 0 else ends + 1
            at = self._line(line, begun - 1, entity.end)

    def _line(self, line: bytes, start: int, end: int) -> int:
        """Where the next line that is the boundary's begins; -1 where there is none."""
        wanted = b"\n" + line
        at = self.raw.find(wanted, start, end)
        while at >= 0:
            after = self.raw[at + len(wanted) : at + len(wanted) + 2]
            if after in (b"", b"--") or after[:1] in b" \t\n":
                return at + 1
            at = self.raw.find(wanted, at + 1, end)
        return -1

    def _entity(self, start: int, end: int) -> Entity:
        fields: dict[str, list[str]] = {}
        blank = self.raw.find(b"\n\n", start, end)
        head = self.raw[start : end if blank < 0 else blank + 1] if not self.raw.startswith(b"\n", start) else b""
        body = min(end, len(head) + start + 1)
        at = 0
        while at < len(head):
            ends = _end_of_field(head, at)
            name, colon, value = head[at:ends].partition(b":")
            if colon and _NAME.fullmatch(name):
                _keep(fields, name, value)
            elif at or not name.startswith((b"From ", b">From ")):  # as a mailbox file begins a mail
                body = start + at
                break
            at = ends + 1
        return Entity(fields, body, end, content_type(fields.get("content-type", [""])[0]))

    def _text(self, entity: Entity) -> str:
        sent = self.raw[entity.start : min(entity.end, entity.start + _TEXT_AT_MOST)]
        if entity.end - entity.start > _TEXT_AT_MOST:
            self.unread.add("length")
        text, sure = decoded(
            _transferred(sent, entity.field("content-transfer-encoding")), entity.content.charset or "utf-8"
        )
        if not sure:
            self.unread.add("charset")
        return text


def _end_of_field(head: bytes, at: int) -> int:
    """Where the field that begins there ends: at a line end that no white space follows."""
    ends = head.find(b"\n", at)
    while ends >= 0 and head[ends + 1 : ends + 2] in (b" ", b"\t"):
        ends = head.find(b"\n", ends + 1)
    return len(head) if ends < 0 else ends


def _keep(fields: dict[str, list[str]], name: bytes, value: bytes) -> None:
    """One character more than is read is kept, so that who reads sees that there is more."""
    known = name.strip().lower().decode("ascii")
    if known not in _NAMES or len(fields.setdefault(known, [])) >= _FIELDS_OF_A_NAME:
        return
    unfolded = _FOLDED.sub(b" ", value[: 8 * _HEADER_AT_MOST]).strip()
    # What is no UTF-8 is no address (RFC 6532), and a guess might be another's; of words a guess is better than nothing.
    text = unfolded.decode("utf-8", "replace") if known == "from" else decoded(unfolded, "utf-8")[0]
    fields[known].append(text[: _HEADER_AT_MOST + 1])


def too_long(value: str) -> bool:
    """Return whether there is more of a field than was kept."""
    return len(value) > _HEADER_AT_MOST


def content_type(value: str) -> ContentType:
    """Return what a Content-Type says; plain text where it says nothing that can be read."""
    kind = _MEDIA_TYPE.match(value.strip())
    if not kind:
        return ContentType()
    pieces: dict[str, dict[int, str]] = {}
    for name, number, said in _PARAMETER.findall(value):
        text = re.sub(r"\\(.)", r"\1", said[1:-1]) if said.startswith('"') else said
        pieces.setdefault(name.lower(), {}).setdefault(int(number or 0), text)
    whole = {name: "".join(text for _, text in sorted(parts.items())) for name, parts in pieces.items()}
    boundary = whole.get("boundary", "").rstrip()
    return ContentType(
        kind[0].lower(),
        boundary if len(boundary) <= _BOUNDARY_AT_MOST else "",
        whole.get("charset", "").partition("'")[0].strip(),
    )


def unworded(value: str) -> str:
    """Return a field with its encoded words (RFC 2047) decoded and its white space as single spaces."""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    return " ".join(_WORD.sub(_word, joined).split())


def _word(found: re.Match[str]) -> str:
    sent = found[3].encode("utf-8")
    raw = _base64(sent) if found[2] in "bB" else binascii.a2b_qp(sent, header=True)
    return decoded(raw, found[1].partition("*")[0])[0]


def _transferred(sent: bytes, encoding: str) -> bytes:
    kind = encoding.strip(" \t\"';").lower().partition(" ")[0]
    if kind == "base64":
        return _base64(sent)
    return binascii.a2b_qp(_SOFT.sub(b"=\n", sent)) if kind == "quoted-printable" else sent


def _base64(sent: bytes) -> bytes:
    """What the letters say, whatever stands between them. Some programs encode each block by itself, so that padding stands in
    the midst; a last letter alone says nothing."""
    return b"".join(map(_block, _PADDING.split(_NO_BASE64.sub(b"", sent))))


def _block(letters: bytes) -> bytes:
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _attached(entity: Entity) -> bool:
    return entity.field("content-disposition").partition(";")[0].strip().lower() == "attachment"


def _kind_of_file(entity: Entity) -> str:
    """How the name of an attached document ends; empty for what belongs to a mail's look or its signature. Only kinds that are
    known are told, since a mail of ours says them."""
    media_type = entity.content.media_type
    if media_type.startswith("image/") and not _attached(entity):
        return ""
    named = f"{entity.field('content-disposition')};{entity.field('content-type')}".lower()
    ends: list[str] = _FILE.findall(named)
    return ends[-1] if ends else _FILE_OF_TYPE.get(media_type, "")
