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
    r"(?:wrote|a ecrit|schrieb|geschrieben|escribio|ha scritto|skrev|schreef|geschreven|escreveu|napisal(?:\(?a\)?)?|pisze|pise|"
    r"napsal(?:\(?a\)?)?|a scris|εγραψε|(?:je )?napisao(?:/la)?(?: je)?|(?:je )?napisala(?: je)?|kirjoitti|irta|rasyta|napisa|"
    r"пише|написа|пишет|yazdi|napisana przez)"
)
_QUOTE_STARTS = re.compile(
    rf"^\s*(?:>|{_BEGINS}\b.{{5,160}}\b{_VERB}(?!\w).{{0,80}}:\s*$|_{{10,}}"
    # Original message, Ursprungliche Nachricht: whatever stands between dashes, with the head on the same line or below
    r"|-{3,} ?[^\W\d_][^-]{3,50}[^\W\d_] ?-{3,}\s*(?:$|[^\W\d_]{2,20}(?: la)?\s*:))"
)
# What programs write above a mail that they quote or pass on, where no dashes tell it.
_BANNERS = (
    ";original message;forwarded message;begin forwarded message;start of forwarded message;message d'origine;"
    "message original;message transfere;debut du message transfere;debut du message reexpedie;ursprungliche nachricht;"
    "original-nachricht;originalnachricht;weitergeleitete nachricht;anfang der weitergeleiteten nachricht;"
    "anfang der weitergeleiteten e-mail;mensaje original;mensaje reenviado;inicio del mensaje reenviado;"
    "messaggio originale;messaggio inoltrato;inizio messaggio inoltrato;inizio del messaggio inoltrato;"
    "oorspronkelijk bericht;origineel bericht;doorgestuurd bericht;begin doorgestuurd bericht;mensagem original;"
    "mensagem encaminhada;mensagem reencaminhada;inicio da mensagem encaminhada;inicio da mensagem reencaminhada;"
    "wiadomosc oryginalna;oryginalna wiadomosc;wiadomosc przekazana;wiadomosc przekazana dalej;"
    "poczatek przekazywanej wiadomosci;poczatek przekazanej wiadomosci;ursprungligt meddelande;"
    "vidarebefordrat meddelande;vidarebefordrat brev;oprindelig meddelelse;oprindelig besked;oprindelig mail;"
    "videresendt meddelelse;videresendt besked;start pa videresendt besked;puvodni zprava;puvodni e-mail;"
    "preposlana zprava;zacatek preposlane zpravy;mesaj original;mesajul original;mesaj initial;mesaj redirectionat;"
    "inceputul mesajului redirectionat;αρχικο μηνυμα;προωθημενο μηνυμα;εναρξη προωθημενου μηνυματοσ;izvorna poruka;"
    "originalna poruka;proslijedena poruka;pocetak proslijedene poruke;"
)
_AROUND = " \t-_=*#:>+~"
_CITES = re.compile(
    r"^\s*(?:quoting|zitat von|citation de|citando(?: a)?|cito|citaat van|citeren|cytat z?|citat fran|citat fra|citat|citace|citez) "
    r"[^:]{3,120}:\s*$"
)
_CITED = re.compile(r"^\s*(?:quoting|zitat|citation|citando|cito|citaat|citeren|cytat|citat|citace|citez)\b")
_BEGUN = re.compile(rf"^\s*{_BEGINS}\b.{{5,200}}$")
_WROTE = re.compile(rf"\b{_VERB}(?!\w).{{0,80}}:\s*$")
_SAID = re.compile(rf"^\s*{_BEGINS}\b.{{5,200}}\b{_VERB}\s*$")  # On 2 March 2026, Jo wrote
_ADDRESSED = re.compile(r"^.{0,200}<[^<>@]{1,100}@[^<>]{1,100}>.{0,80}:\s*$")  # in whatever language
_TIMED = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{4}\b")
_DATED = re.compile(r"\b\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d{2}\b")
_BY_US = re.compile(
    r"\b(?:you|we|i|ich|wir|tu|vous|je|ik|jag|jeg|eu|yo|io) wrote|j'ai ecrit|ho scritto|(?:ich|sie) schrieb"
)
_DATE_AND_NAME = re.compile(
    r"^\s*\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4}\W.{0,20}\d{1,2}[:.]\d{2}\W(?:\W*[^\W\d]+){0,5}\W*:\s*$"
)
_NAMED = re.compile(  # Max Beck wrote:
    r"^\s*(?:[^\W\d_a-z]\S{0,30} ){1,4}(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał(?:\(?a\)?)?|pisze|skrev|napsal"
    r"(?:\(?a\)?)?|a scris|έγραψε|je napisao(?:/la)?|je napisala|piše)\s*:\s*$"
)
_BESIDE = ("|", "»", "›", "¦")  # signs before each line that is quoted, beside the usual one
_LINES_OF_ONE = 3  # over which an attribution may be wrapped
_ONE_AT_MOST = 300  # characters of it
_AT_MOST = 4  # lines of the head of an earlier mail that are looked at


def _fields(names: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*[*_]{{0,2}}(?:{names})[*_]{{0,2}}\s*:")


# The head lines that programs put above what they quote; some begin with the day, some with the subject.
_FROM = _fields(r"from|de|de la|von|da|van|fran|fra|od|απο|expediteur|remitente|mittente|salatja|felado|lahettaja")
_SENT = _fields(
    r"sent|date|envoye|gesendet|datum|enviado|enviada|enviado el|fecha|inviato|data|verzonden|skickat|sendt|dato|wyslano|wyslany|wyslane|"
    r"odeslano|poslano|trimis|εσταλη|σταλθηκε|ημερομηνια|date|data|lahetetty|elkuldve"
)
_SUBJECT = _fields(
    r"subject|betreff|objet|asunto|assunto|oggetto|onderwerp|amne|emne|temat|predmet|subiect|θεμα|aihe|targy"
)
_TO = _fields(r"to|an|a|para|aan|till|til|do|komu|za|prima|primatelj|catre|προσ|pour")


def newly_written(text: str) -> str:
    """Return what stands before and between the quoted lines of an earlier mail; all of it where nothing else does."""
    return _new(text) or text.strip()


def only_earlier(text: str) -> bool:
    """Return whether nothing is newly written: the text is an earlier mail, and no more."""
    return bool(text.strip()) and not _new(text)


def before_doubtful(text: str) -> str:
    """Return what of a newly written text is plainly the writer's: it stands above the first sign that another's words may follow,
    such as "he said:" or lines that are moved in."""
    lines = text.split("\n")
    flush = False
    for number, line in enumerate(lines):
        if flush and (_announces(line) or _MOVED_IN.match(line)):
            return "\n".join(lines[:number])
        own_head = _is_head(plain(line[:_LINE_AT_MOST]))  # TO: and FROM: above a letter
        flush = flush or bool(line.strip() and not (own_head or line[:1].isspace()))
    return text


_MOVED_IN = re.compile(r"^(?:\t| {4,}|\xa0{2,})\s*\S")
_SPEAKS = re.compile(
    rf"\b(?:{_VERB}|writes|said|says|sagte|sagt|schreibt|dit|a dit|dijo|dice|ha detto|scrive|zei|zegt|schrijft|disse|diz|mowi|powiedzial\w*|"
    r"sa|sade|sager|siger|rekl\w*|pise|zice|spune|a spus|λεει|ειπε|γραφει|rekao|rekla|kaze)(?!\w)"
)


def _announces(line: str) -> bool:
    bare = plain(line[:_LINE_AT_MOST]).rstrip()
    speaks = bare.endswith(":") and bool(_SPEAKS.search(bare) or _DATED.search(bare) or "@" in bare)
    return speaks or bool(_FROM.match(bare))


def _new(text: str) -> str:
    given = text.replace("\r\n", "\n").replace("\r", "\n")[:_READ_AT_MOST].split("\n")
    bare = [plain(line[:_LINE_AT_MOST]) for line in given]
    lines = []
    for number, line in enumerate(bare):
        if line.startswith(">") or line.lstrip().startswith(_BESIDE):
            continue  # answers may stand between quoted lines
        if line.strip() and (_QUOTE_STARTS.match(line) or _starts_block(bare, number) or _NAMED.match(given[number])):
            break
        lines.append(given[number])
    return "\n".join(lines).strip()


def _starts_block(lines: list[str], number: int) -> bool:
    """Whether an earlier mail begins here: the head lines of it, or an attribution, which may be wrapped over some lines."""
    line, after = lines[number], lines[number + 1 : number + 4]
    if f";{line.strip(_AROUND)};" in _BANNERS or (_is_head(line) and _heads(lines, number)):
        return True
    follows = next((later for later in after if later.strip()), "")
    if _ADDRESSED.match(line) and (follows.startswith(">") or _TIMED.search(line) or _WROTE.search(line)):
        return True
    return _attributed(lines[number : number + _LINES_OF_ONE])


def _attributed(lines: list[str]) -> bool:
    """Whether these lines begin with one that names who wrote what follows, and when."""
    one = ""
    for size, line in enumerate(lines):
        if not line.strip():
            return False
        one = f"{one} {line}".strip()
        if size == 0 and not (_DATED.search(line) or "@" in line or _BEGUN.match(line) or _CITED.match(line)):
            return False
        if line.rstrip().endswith(":") or _SAID.match(one):
            return len(one) <= _ONE_AT_MOST and _names_the_writer(one)
    return False


def _names_the_writer(line: str) -> bool:
    if _BY_US.search(line):
        return False
    dated = bool(_DATED.search(line))
    wrote = bool(_WROTE.search(line) or _SAID.match(line)) and (dated or "@" in line or bool(_BEGUN.match(line)))
    return wrote or bool(_CITES.match(line) or _DATE_AND_NAME.match(line))


def _is_head(line: str) -> bool:
    return any(field.match(line) for field in (_FROM, _SENT, _TO, _SUBJECT))


def _heads(lines: list[str], number: int) -> bool:
    """Whether the lines there name from whom a mail is, and to whom, when it was sent or what it is about, in whatever order."""
    filled = (line for line in lines[number : number + _AT_MOST * _AT_MOST] if line.strip())
    head = list(itertools.islice(filled, _AT_MOST))
    named = any(_SENT.match(line) or _SUBJECT.match(line) or _TO.match(line) for line in head)
    return named and any(map(_FROM.match, head))
