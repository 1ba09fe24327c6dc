"""Which right of the GDPR a text exercises, by the words that people use, in English, French, German, Spanish and Italian.

Erasure needs a click on a link before anything happens, so a doubtful reading costs the person one mail, while a missed
one costs a month. `certain` is therefore given when the wish to be deleted is said plainly and not negated.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    ACCESS = "access"
    AMENDMENT = "amendment"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"


@dataclass(frozen=True)
class Wish:
    """The rights read, the clearest first; `certain` when the first can be acted on without a person reading it."""

    rights: tuple[Right, ...]
    certain: bool


_ME = (
    r"(?:my|me|mine|myself|personal|all (?:the |of )?(?:data|information)|mes|mon|ma|moi|m'|me concernant|personnelles|meine\w*|mich|mir"
    r"|personenbezogen\w*|mis|mi|personales|miei|mie|mio|mia|personali)"
)
_DATA = (
    r"(?:data|datas|information|info|infos|details|profile?|account|records?|contact|e-?mail|address|entry|name|me|donnees|informations"
    r"|coordonnees|profil|compte|fiche|adresse|nom|traces?|daten|konto|profil|eintrag|angaben|datos|cuenta|perfil|dati|account|profilo)"
)
_DELETE = (
    r"(?:delet\w+|eras\w+|remov\w+|wip(?:e|ing)\b|purg\w+|destroy\w*|forget|get rid of|take (?:me|my)|suppr\w+|effac\w+|retir(?:ez|er|e)\b"
    r"|enlev\w+|detrui\w+|oubli(?:ez|er)|losch\w*|geloscht|entfern\w*|vernicht\w*|elimin\w+|borr\w+|suprim\w+|supresion|cancell\w+|rimuov\w+"
    r"|rimozione)"
)
_ERASURE = (
    rf"{_DELETE}\W+(?:\w+\W+){{0,6}}?{_ME}\b",
    rf"\b{_ME}\W+(?:\w+\W+){{0,5}}?{_DATA}\W+(?:\w+\W+){{0,8}}?{_DELETE}",
    r"\b(?:remove|delete|erase|take|drop) me\b",
    r"\bright to (?:be forgotten|erasure)|droit a l.(?:oubli|effacement)|recht auf (?:loschung|vergessen\w*)|derecho (?:de supresion|al olvido)"
    r"|diritto (?:all.oblio|alla cancellazione|di cancellazione)",
    r"\b(?:do not|don.?t|no longer) want (?:to be|my \w+) (?:\w+ )?(?:in|on|stored|kept|held)",
    r"\b(?:plus|ne veux pas) (?:\w+ ){0,3}(?:figurer|etre|apparaitre) (?:\w+ )?dans (?:vos|votre)",
    r"\b(?:art(?:icle|ikel|iculo|icolo)?\.?\s*17)\b(?=.{0,80}(?:gdpr|rgpd|dsgvo|ds-gvo|regolamento|eu|2016/679))",
)
_NEGATED = (
    r"\b(?:do not|don.?t|never|not to|please do not) (?:delete|erase|remove)\b(?! any of)",
    r"\bne (?:pas )?(?:supprimez|supprimer|effacez|effacer) (?:surtout )?pas\b|\bne pas (?:supprimer|effacer)\b",
    r"\bnicht (?:zu )?losch|\bno (?:borr|elimin|suprim)\w+|\bnon (?:cancell|elimin)\w+",
)
_ASKING = (
    r"\bhow (?:do|can|would|long|to|does)\b[^.?!]{0,80}\b(?:delet|eras|remov)\w+[^.!]{0,60}\?",
    r"\bcomment (?:puis-je|faire|peut-on|supprim)\b[^.!]{0,80}\?",
    r"\bwie (?:kann|lange|lasst)\b[^.!]{0,80}\?",
)
_OTHERS: dict[Right, tuple[str, ...]] = {
    Right.ACCESS: (
        r"\bcopy of (?:all )?(?:\w+ ){0,3}(?:data|information)|what (?:\w+ ){0,3}(?:data|information) (?:\w+ ){0,3}(?:hold|have|store|keep)",
        r"\b(?:subject )?access request|right (?:of|to) access|droit d.acces|copie de (?:\w+ ){0,3}donnees|acceder a mes donnees",
        r"\bauskunft|kopie (?:\w+ ){0,4}daten|derecho de acceso|copia de (?:\w+ ){0,3}datos|diritto (?:di|d.)\s?accesso|copia dei (?:\w+ )?dati",
        r"\bwhere did you get my|who gave you my|d.ou (?:tenez|viennent)|comment avez-vous (?:eu|obtenu)|woher haben sie",
    ),
    Right.AMENDMENT: (
        r"\brectif\w+|correct (?:my|the)|(?:is|are) (?:wrong|incorrect|outdated)|update my|corrig\w+ (?:mes|mon|ma|mis|i miei)|modifier mes",
        r"\bberichtig\w+|korrigier\w+|actualiz\w+ mis|rettific\w+",
    ),
    Right.OBJECTION: (
        r"\bobject to|right to object|m.oppos\w+|opposition|droit d.opposition|widerspr\w+|oponer\w*|derecho de oposicion|mi oppongo|opposizione",
        r"\bstop (?:processing|using|contacting|sending)|unsubscribe me|no more (?:e-?mails|marketing)|werbung|prospection",
    ),
    Right.RESTRICTION: (
        r"\brestrict\w* (?:the |of )?(?:processing|use)|limitation du traitement|einschrankung der verarbeitung|limitacion del tratamiento"
        r"|limitazione del trattamento",
    ),
    Right.PORTABILITY: (r"\bportab\w+|machine.?readable|datenubertragbarkeit|portabilite|portabilidad|portabilita",),
}


def plain(text: str) -> str:
    """The text as the patterns expect it: lower case, no accents, one space between words."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("’", "'"))
    return re.sub(r"\s+", " ", "".join(c for c in folded if not unicodedata.combining(c)))


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def read_wish(subject: str, body: str) -> Wish:
    """The rights that subject and body exercise. Works on the first 20,000 characters."""
    text = plain(f"{subject}. {body}")[:20_000]
    others = tuple(right for right, patterns in _OTHERS.items() if _any(patterns, text))
    if not _any(_ERASURE, text):
        return Wish(others, certain=False)
    if _any(_NEGATED, text) or _any(_ASKING, text):
        return Wish((*others, Right.ERASURE), certain=False)
    # A letter that first wants to see the data, or first objects, should not lose it: a person decides on the order.
    return Wish((Right.ERASURE, *others), certain=all(_leads(text, right) for right in (Right.ACCESS, Right.OBJECTION)))


def _leads(text: str, other: Right) -> bool:
    """Whether the wish to be deleted comes before the other one."""
    return _first(_ERASURE, text) < _first(_OTHERS[other], text) or not _any(_OTHERS[other], text)


def _first(patterns: tuple[str, ...], text: str) -> int:
    return min((found.start() for pattern in patterns if (found := re.search(pattern, text))), default=len(text))
