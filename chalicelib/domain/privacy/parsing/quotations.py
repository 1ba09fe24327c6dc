"""What a person newly wrote, apart from an earlier mail that their program quotes below it."""

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
_ATTRIBUTION = re.compile(
    r"^.{5,200}<[^<>@]{1,100}@[^<>]{1,100}>.{0,60}:\s*$"
)  # in whatever language, where a quoted line follows
_BLOCK_FROM = re.compile(
    r"^\s*\*?(?:from|de|de la|von|da|van|fran|fra|od|απο|expediteur|remitente|mittente|salatja|felado|lahettaja)\s*:"
)
_BLOCK_SENT = re.compile(
    r"^\s*\*?(?:sent|date|envoye|gesendet|datum|enviado|enviada|enviado el|fecha|inviato|data|verzonden|skickat|sendt|dato|wyslano|wyslany|"
    r"odeslano|poslano|trimis|εσταλη|σταλθηκε|ημερομηνια|lahetetty|elkuldve)\s*:"
)
_WRAPPED = re.compile(rf"^\s*{_BEGINS}\b.{{5,200}}$")
_WROTE = re.compile(rf"\b{_VERB}\b.{{0,80}}:\s*$")


def newly_written(text: str) -> str:
    """Return what stands before and between the quoted lines of an earlier mail; all of it where nothing else does."""
    given = text.replace("\r\n", "\n").replace("\r", "\n")[:_READ_AT_MOST].split("\n")
    bare = [plain(line[:_LINE_AT_MOST]) for line in given]
    lines = []
    for number, line in enumerate(bare):
        if line.startswith(">"):
            continue  # answers may stand between quoted lines
        if line.strip() and (_QUOTE_STARTS.match(line) or _starts_block(bare, number)):
            break
        lines.append(given[number])
    kept = "\n".join(lines).strip()
    return kept or text.strip()


def _starts_block(lines: list[str], number: int) -> bool:
    """Whether an earlier mail begins here: Outlook's head lines, or an attribution that was wrapped over two lines."""
    line, after = lines[number], lines[number + 1 : number + 4]
    if _BLOCK_FROM.match(line) and any(_BLOCK_SENT.match(later) for later in after):
        return True
    follows = next((later for later in after if later.strip()), "")
    if _ATTRIBUTION.match(line) and follows.startswith(">"):
        return True
    return bool(_WRAPPED.match(line) and after and _WROTE.search(after[0]))
