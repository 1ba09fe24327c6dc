"""What a person newly wrote, apart from an earlier mail that their program quotes below it."""

import itertools
import re

from chalicelib.domain.privacy.parsing.folding import plain

_READ_AT_MOST = 80_000  # characters
_LINE_AT_MOST = 400  # characters of a line that tell whether a quotation begins there
# How programs begin the line that names whom they quote, and the verb that it ends with, in the languages that are answered and
# those near to them. Without accents, as lines are compared.
_BEGINS = (
    r"(?:on|le|am|el|il|den|op|em|no dia|w dniu|dnia|dne|dna|in|pe|stis|στισ|dana|u|pa|ti|kl\.|vto|za|\d{1,4}[./-])"
)
_VERB = (
    r"(?:wrote|a ecrit|schrieb|escribio|ha scritto|skrev|schreef|escreveu|napisal(?:\(?a\)?)?|pisze|napsal(?:\(?a\)?)?|a scris|εγραψε|"
    r"(?:je )?napisao(?:/la)?|(?:je )?napisala|kirjoitti|irta|rasyta|napisa|пише|написа|пишет|yazdi|je napisal(?:/a)?)"
)
_QUOTE_STARTS = re.compile(
    rf"^\s*(?:>|{_BEGINS}\b.{{5,160}}\b{_VERB}\b.{{0,80}}:\s*$|_{{10,}}"
    # Original message, Ursprungliche Nachricht: whatever stands between dashes
    r"|-{3,} ?[^\W\d_][^-]{3,50}[^\W\d_] ?-{3,}\s*$|begin forwarded message:)"
)
_ADDRESSED = re.compile(r"^.{0,200}<[^<>@]{1,100}@[^<>]{1,100}>.{0,80}:\s*$")  # in whatever language
_TIMED = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{4}\b")
_AT_MOST = 4  # lines of the head of an earlier mail that are looked at


def _fields(names: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*[*_]{{0,2}}(?:{names})[*_]{{0,2}}\s*:")


# The head lines that programs put above what they quote; some begin with the day, some with the subject.
_FROM = _fields(r"from|de|de la|von|da|van|fran|fra|od|απο|expediteur|remitente|mittente|salatja|felado|lahettaja")
_SENT = _fields(
    r"sent|date|envoye|gesendet|datum|enviado|enviada|enviado el|fecha|inviato|data|verzonden|skickat|sendt|dato|wyslano|wyslany|wyslane|"
    r"odeslano|poslano|trimis|εσταλη|σταλθηκε|ημερομηνια|lahetetty|elkuldve"
)
_SUBJECT = _fields(
    r"subject|betreff|objet|asunto|assunto|oggetto|onderwerp|amne|emne|temat|predmet|subiect|θεμα|aihe|targy"
)
_TO = _fields(r"to|an|a|para|aan|till|til|do|komu|za|catre|προς|pour")
_WRAPPED = re.compile(rf"^\s*{_BEGINS}\b.{{5,200}}$")
_WROTE = re.compile(rf"\b{_VERB}\b.{{0,80}}:\s*$")


def newly_written(text: str) -> str:
    """Return what stands before and between the quoted lines of an earlier mail; all of it where nothing else does."""
    return _new(text) or text.strip()


def only_earlier(text: str) -> bool:
    """Return whether nothing is newly written: the text is an earlier mail, and no more."""
    return bool(text.strip()) and not _new(text)


def _new(text: str) -> str:
    given = text.replace("\r\n", "\n").replace("\r", "\n")[:_READ_AT_MOST].split("\n")
    bare = [plain(line[:_LINE_AT_MOST]) for line in given]
    lines = []
    for number, line in enumerate(bare):
        if line.startswith(">"):
            continue  # answers may stand between quoted lines
        if line.strip() and (_QUOTE_STARTS.match(line) or _starts_block(bare, number)):
            break
        lines.append(given[number])
    return "\n".join(lines).strip()


def _starts_block(lines: list[str], number: int) -> bool:
    """Whether an earlier mail begins here: the head lines of it, or an attribution, which may be wrapped over two lines."""
    line, after = lines[number], lines[number + 1 : number + 4]
    if _is_head(line) and _heads(lines, number):
        return True
    follows = next((later for later in after if later.strip()), "")
    if _ADDRESSED.match(line) and (follows.startswith(">") or _TIMED.search(line) or _WROTE.search(line)):
        return True
    return bool(_WRAPPED.match(line) and after and _WROTE.search(after[0]))


def _is_head(line: str) -> bool:
    return any(field.match(line) for field in (_FROM, _SENT, _TO, _SUBJECT))


def _heads(lines: list[str], number: int) -> bool:
    """Whether the lines there name from whom a mail is, and when it was sent or what it is about, in whatever order."""
    filled = (line for line in lines[number : number + _AT_MOST * _AT_MOST] if line.strip())
    head = list(itertools.islice(filled, _AT_MOST))
    sent = any(_SENT.match(line) or _SUBJECT.match(line) for line in head)
    return sent and any(map(_FROM.match, head))
