"""Which right of the GDPR a text exercises, by the words that people use, in English, French, German, Spanish and Italian.

Erasure needs a click on a link before anything happens, so a doubtful reading costs the person one mail, while a missed
one costs a month. `certain` is given when a sentence says plainly that the writer wishes to be deleted, and none takes it back.
"""

import re
import unicodedata
from dataclasses import dataclass

from chalicelib.domain.privacy.states import RightKind


@dataclass(frozen=True)
class Wish:
    """The rights read, the clearest first; `certain` when the first can be acted on without a person reading it."""

    rights: tuple[RightKind, ...]
    certain: bool


_READ_AT_MOST = 20_000  # characters
_SENTENCE_AT_MOST = 500  # characters; with repeats that give nothing back (++), what keeps the patterns' time in bounds
_PIECE = 100  # characters
_QUOTED = re.compile(r'["«“„][^"«»“”„\n]{1,200}["»”“]')
_SHORT = 700  # characters; in a short mail the order of its wishes means nothing

_VERB = (
    r"(?:del(?:et|t)\w+|delet|eras\w+|remov\w+|wip(?:e|ed|ing)\b|purg(?:e|ed|ez|er)\b|destroy\w*|forget\b|get rid of|clear\b|scrub\b|expunge\w*|vire[rz]\b"
    r"|supp?rim\w+|efface\w*|retir(?:ez|er|e|ee?s?)\b|enlev\w+|detrui\w+|oubli(?:ez|er)|ote[rz]\b|vernicht\w*|entfern\w*|(?:ge)?losch\w*"
    r"|(?:ge)?loesch\w*|tilg\w+|elimin\w+|borr\w+|suprim\w+|cancell\w+|rimuov\w+|toglie\w+)"
)
_NOUN = (
    r"(?:deletion|erasure|removal|suppression|effacement|loschung|loeschung|borrado|supresion|eliminacion|cancellazione|eliminazione"
    r"|rimozione)"
)
_MY = r"(?:my|mine|mes|mon|ma|mein\w*|mis|mi|miei|mie|mio|mia)"
_DATA = (
    r"(?:data|datas|information\w*|infos?|details|profile?|account|records?|contacts?|e-?mail\w*|ad+ress\w*|entry|name|number|numero|telefono|telephone|profilo|informaci\w+|don+ees?|coordonnees"
    r"|compte|fiche|adresse\w*|nom|traces?|daten|konto|angaben|eintrag|datos|cuenta|perfil|direccion|correo|dati|informazioni|indirizzo)"
)
_HOLDINGS = r"(?:database|data base|system|systems|crm|records|files|lists?|base|bases|fichiers?|datenbank|datei\w*|kartei|sistema|banca dati)"
_ABOUT_ME = (
    r"(?:(?:about|on|of|concerning|relating to|regarding|linked to|sur|a propos de|concernant|uber|ueber|zu|sobre|de|su) (?:me|moi|mich|mir|mi)\b"
    r"|me concernant|qui me concernent?|mich betreffend\w*|die mich betreffen|(?:meine|my|ma|mia|mi) person\w*|meiner person|que me concierne\w*|che mi riguarda\w*|riguardanti? me|(?:avete|sapete) su di me)"
)
_FILLER = (
    r"(?:all|any|every|of|the|and|each|please|pls|bitte|kindly|immediately|completely|to|both|alle[rs]?|samtliche\w*|toutes?|tous|les?|ensemble|de|des|du|l"
    r"|todos?|todas?|tutti|tutte|i|il|le|la|los|las|sie|en|totale?|sofortige|completa|copies|records?|si|sich|vengano|immediatement|svp)"
)
_OBJECT = rf"(?:{_MY}\W++(?:[\w-]++\W++){{0,4}}?{_DATA}\b|(?:[\w-]++\W++){{0,6}}?{_ABOUT_ME})"

_WISHES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_VERB}\W++(?:{_FILLER}\W++){{0,6}}?{_OBJECT}",
        rf"\b{_MY}\W++(?:[\w-]++\W++){{0,4}}?{_DATA}\W++(?:[\w'-]++\W++){{0,8}}?{_VERB}",
        rf"\b{_NOUN}\W++(?:[\w-]++\W++){{0,5}}?{_OBJECT}",
        rf"{_ABOUT_ME}\W++(?:[\w'-]++\W++){{0,8}}?{_VERB}",
        # me, directly: delete me, m'effacer, borrenme, toglietemi, loscht mich, forget me
        rf"\b{_VERB}[ -](?:sie |[a-z]+ )?(?:me|moi|mich|myself)\b|\bm'{_VERB}|\bme {_VERB}|\b(?:borr|elimin|suprim|quit)\w+me\b",
        r"\b(?:cancella|elimina|toglie|rimuove)\w*mi\b|\btake me off\b",
        # to be deleted
        rf"\b(?:want|like|wish|ask\w*|demand|request\w*|veux|souhaite\w*|demande|voudrais|voglio|vorrei|quiero)(?: \w++){{0,3}} (?:be|etre|essere|ser) {_VERB}",
        rf"\bich (?:mochte|will|wunsche|verlange)(?: \w++){{0,5}} (?:{_VERB}|vergessen) (?:zu )?werden",
        rf"\b(?:take|get|strike|leave)\W++(?:me|{_MY}\W++(?:[\w-]++\W++){{0,3}}?{_DATA})\W++(?:\w++ ){{0,2}}?(?:off|out|from)\b",
        rf"\b{_MY}\W++(?:[\w-]++\W++){{0,3}}?{_DATA}\W++(?:\w++ ){{0,3}}?aus (?:dem|der|ihre\w*|eure\w*) {_HOLDINGS} (?:zu )?(?:nehmen|streichen)",
        # the right by its name, claimed by somebody
        r"\b(?:exercis\w*|invok\w*|claim|assert|use|request\w*|demand\w*|want|hereby|exerce\w*|souhaite|demande|hiermit|beantrag\w*|ausub\w*|geltend"
        r"|ejerz\w*|ejercer|solicit\w*|esercit\w*|chied\w*|richied\w*)\b.{0,80}?"
        r"(?:right to (?:be forgotten|erasure)|droit a l.(?:oubli|effacement)|recht auf (?:loschung|vergessen\w*)"
        r"|derecho (?:de supresion|al olvido)|diritto (?:all.oblio|alla cancellazione|di cancellazione))",
        r"\bart 17\b.{0,80}\b(?:request|erase|delete|demande|antrag|solicitud|richiesta)",
        r"\b(?:request\w*|demand\w*|anfrage|antrag|peticion|solicitud|solicito|richiesta|richiedo|chiedo|loschung|cancellazione)\b.{0,60}\bart 17\b",
        # not to be there any more
        rf"\b(?:do not|don'?t|dont|no longer) (?:want|wish|agree)\b.{{0,40}}\b(?:in|on) (?:your|the|any) (?:[\w-]++ )?{_HOLDINGS}",
        rf"\bplus (?:[\w']++ ){{0,3}}dans (?:vos|votre|leur) (?:[\w-]++ )?{_HOLDINGS}",
        rf"\bnicht (?:mehr|langer|laenger) (?:[\w]+ )?in (?:ihre\w*|eure\w*|der) (?:[\w-]++ )?{_HOLDINGS}",
    )
)
# "You have my address. Delete it."
_HAVE = re.compile(rf"\b{_MY} (?:[\w-]++ ){{0,2}}{_DATA}\b|\b{_DATA} (?:[\w-]++ ){{0,3}}{_ABOUT_ME}")
_DELETE_IT = re.compile(
    rf"\b(?:want|have|get) (?:it|them|this|that) {_VERB}|\b{_VERB} (?:it|them|this|that|these|all|everything|tout|cela|ca|es|alles|todo|tutto|toutes?|tous|les?)\b"
)

_NEGATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:do not|don'?t|never|not to|must not|should not)(?: (?:ever|yet|just|please))? {_VERB}",
        rf"\b(?:do not|don'?t) want (?:you|anyone|anybody|them)?\W*(?:to )?{_VERB}",
        rf"\bne (?:me )?{_VERB}(?: \w++)? pas\b|\bne pas {_VERB}|\bne (?:veux|souhaite|voudrais|desire) pas (?:que|de)\b.{{0,25}}{_VERB}",
        rf"\b{_VERB} sie (?:[\w-]++ ){{0,4}}nicht\b|\bbitte nicht {_VERB}|\bauf keinen fall\b",
        r"\bno (?:me )?(?:borr|elimin|suprim)\w+|\bnon (?:mi )?(?:cancell|elimin|rimuov)\w+",
        rf"\b(?:no quiero|non voglio) (?:que|che)\b.{{0,15}}{_VERB}|\b(?:not sure|wait)\b.{{0,30}}{_VERB}|\b(?:please|do|just) keep my\b",
        rf"\b(?:n'ai (?:pas|jamais) demande|habe keine|did(?: not|n't) ask|have not asked|never asked)\b.{{0,30}}(?:{_NOUN}|{_VERB})",
    )
)
# A question is a wish only where it asks somebody to act: "could you delete…?", not "do you delete…?"
_POLITE = re.compile(
    r"\b(?:can|could|would|will) (?:you|u|someone|somebody)\b|\b(?:pouvez|pourriez|voudriez)|\b(?:konn\w+|wurden) sie\b|\b(?:puede|podria|podeis)\w*\b"
    r"|\b(?:potete|potreste|puo|potrebbe)\b"
)
_ASKING = re.compile(
    r"\b(?:know|ask\w*|wonder\w*|savoir|demander|wissen|saber|sapere) (?:how|what|when|why|if|whether|comment|quand|si|wie|wann|ob|como|cuando|come)\b"
    r"|^\W*(?:how|comment|wie|como|come) (?:do|can|could|to|does|puis|peut|faire|kann|puedo|posso)\b"
)
_TOLD = re.compile(
    r"\b(?:accidental\w*|by accident|by mistake|versehentlich|par erreur|por error|per errore|in error)\b"
    r"|\b(?:has|have|was|were) been? ?(?:successfully )?(?:completed|deleted|erased|removed)|\b(?:was|were) (?:deleted|erased|removed)"
    rf"|\b(?:i|somebody|someone|he|she|they) (?:just |have |had )?(?:deleted|removed|erased)|\bj'ai {_VERB}|\bich habe\b.{{0,60}}\bge(?:losch|loesch)\w*"
    rf"|\b(?:thank\w*|thx)(?: you)? for\b.{{0,20}}{_VERB}|\bmerci d'avoir|\bdanke,? dass|\bgracias por (?:haber )?{_VERB}|\bgrazie per aver"
    r"|(?:^\W*|that |saw )you (?:\w++ )?(?:deleted|erased|removed)"
)
_OF_OTHERS = re.compile(
    r"^\W*(?:we|our|you (?:have the right|can|may)|companies|users|customers|every|everybody|nous|notre|vous avez le droit|wir|unser\w*"
    r"|sie haben das recht|tiene derecho|ha il diritto|usted tiene)\b"
)
_ARTICLE = re.compile(r"\bart(?:icle|ikel|iculo|icolo|s)?\.? ?(\d+)")  # its full stop ends no sentence
_OTHERS: dict[RightKind, tuple[str, ...]] = {
    RightKind.ACCESS: (
        r"\bcopy of (?:all )?(?:\w++ ){0,3}(?:data|information)|what (?:\w++ ){0,3}(?:data|information) (?:\w++ ){0,3}(?:hold|have|store|keep)",
        r"\b(?:subject )?access request|right (?:of|to) access|droit d.acces|copie de (?:\w++ ){0,3}donnees|acceder a mes donnees",
        r"\bauskunft|kopie (?:\w++ ){0,4}daten|derecho de acceso|copia de (?:\w++ ){0,3}datos|diritto (?:di|d.)\s?accesso|copia dei (?:\w++ )?dati",
        r"\bwhere did you get my|who gave you my|d.ou (?:tenez|viennent)|comment avez-vous (?:eu|obtenu)|woher haben sie|see what you (?:have|hold)",
    ),
    RightKind.RECTIFICATION: (
        r"\brectif\w+|correct (?:my|the)|(?:is|are) (?:wrong|incorrect|outdated)|update my|\bcorrig\w++ (?:mes|mon|ma|mis|i miei)|modifier mes",
        r"\bberichtig\w+|korrigier\w+|\bactualiz\w++ mis|rettific\w+",
    ),
    RightKind.OBJECTION: (
        r"\bobject to|right to object|m.oppos\w+|opposition|droit d.opposition|widerspr\w+|oponer\w*|derecho de oposicion|mi oppongo|opposizione",
        r"\bstop (?:processing|using|contacting|sending)|unsubscribe me|no more (?:e-?mails|marketing)|werbung|prospection",
    ),
    RightKind.RESTRICTION: (
        (
            r"\brestrict\w* (?:the |of )?(?:processing|use)|limitation du traitement|einschrankung der verarbeitung"
            r"|limitacion del tratamiento|limitazione del trattamento"
        ),
    ),
    RightKind.PORTABILITY: (
        r"\bportab\w+|machine.?readable|datenubertragbarkeit|portabilite|portabilidad|portabilita",
    ),
}


def plain(text: str) -> str:
    """Return the text as the patterns expect it: lower case, no accents, no quotations.

    One space is between words, and a full stop keeps lines apart.
    """
    folded = text.casefold().replace("ß", "ss").replace("’", "'")
    bare = "".join(_unmarked(folded[at : at + _PIECE]) for at in range(0, len(folded), _PIECE))
    lines = re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", _QUOTED.sub(" ", bare)))
    return re.sub(r"\n\n+", ". ", lines).replace("\n", " ")


def _unmarked(piece: str) -> str:
    """A short piece without its accents: marks in a row are put in order, which takes the square of their number. Cut where
    signs become many letters each, which no word needs."""
    if piece.isascii():
        return piece
    decomposed = unicodedata.normalize("NFKD", piece)[: 4 * _PIECE]
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def read_wish(subject: str, body: str) -> Wish:
    """Return the rights that subject and body exercise. Only the first 20,000 characters are read."""
    text = plain(f"{subject[:500]}\n\n{body[:_READ_AT_MOST]}")[: 2 * _READ_AT_MOST]  # some signs become many
    sentences = _sentences(_ARTICLE.sub(r"art \1", text))
    others = tuple(right for right, patterns in _OTHERS.items() if _first(patterns, text) < len(text))
    wished = _wished(sentences)
    if wished is None:
        named = any(re.search(rf"\b{_VERB}", sentence) and _HAVE.search(sentence) for sentence in sentences)
        return Wish((*others, RightKind.ERASURE) if named else others, certain=False)
    if any(pattern.search(sentence) for sentence in sentences for pattern in _NEGATED):
        return Wish((*others, RightKind.ERASURE), certain=False)
    # A letter that first wants to see the data, or first objects, should not lose it: a person decides on the order.
    ahead = [RightKind.ACCESS] if len(text) < _SHORT else [RightKind.ACCESS, RightKind.OBJECTION]
    return Wish((RightKind.ERASURE, *others), certain=all(_first(_OTHERS[right], text) >= wished for right in ahead))


def _sentences(text: str) -> list[str]:
    found = (match[0].strip() for match in re.finditer(rf"[^.!?;]{{1,{_SENTENCE_AT_MOST}}}[.!?;]?", text))
    return [sentence for sentence in found if sentence]


def _wished(sentences: list[str]) -> int | None:
    """How many characters stand before the first sentence that wishes to be deleted; None where there is none."""
    at, mine = 0, False
    for sentence in sentences:
        asking = _ASKING.search(sentence) or (sentence.endswith("?") and not _POLITE.search(sentence))
        if not (asking or _TOLD.search(sentence) or _OF_OTHERS.search(sentence)):
            mine = mine or bool(_HAVE.search(sentence))
            if any(pattern.search(sentence) for pattern in _WISHES) or (mine and _DELETE_IT.search(sentence)):
                return at
        at += len(sentence)
    return None


def _first(patterns: tuple[str, ...], text: str) -> int:
    return min((found.start() for pattern in patterns if (found := re.search(pattern, text))), default=len(text))
