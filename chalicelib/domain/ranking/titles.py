"""What people do at a company, read from their titles: a table of the beginnings of words in five languages, folded.

Written for this product; the functions are those that CRMs offer. A title that names none counts for nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.domain.redaction.folding import fold

_STEMS: Mapping[str, str] = {
    "management": "ceo|chief exec|geschaftsfuhr|vorstand|managing dir|founder|grunder|owner|inhaber|gerant|pdg|fondat"
    "|president|directeur general|director general|amministratore|titolare|fundador",
    "finance": "cfo|financ|finanz|account|buchhalt|comptab|contab|controll|treasur|tesor|tresor|steuer|tax",
    "sales": "sales|vertrieb|vente|ventas|vendit|commercia|account exec|business dev|key account|verkauf",
    "marketing": "cmo|marketing|brand|communicat|kommunikat|comunica|growth|pr manager|press",
    "technology": "cto|cio|software|develop|entwickl|engineer|ingenie|ingegner|developp|desarroll|svilupp|data|devops|it "
    "|informati|architect|system|security|cloud",
    "people": "chro|human res|hr |personal|people|talent|recruit|ressources hum|recursos hum|risorse um|rh ",
    "purchasing": "procure|purchas|einkauf|beschaff|achat|acheteur|compras|acquist|sourcing|buyer",
    "operations": "coo|operat|betrieb|logisti|supply|lager|warehouse|production|produktion|fertigung|produzione|manufact"
    "|exploitation|plant|werk|quality|qualit",
    "legal": "legal|lawyer|jurist|jurid|giurid|compliance|counsel|rechts|avocat|abogad|avvocat|datenschutz|privacy",
    "research": "research|forsch|recherche|investigac|ricerc|scien|r&d|innovation|entwicklungsl",
}
_FUNCTIONS = {name: re.compile(rf"(?<![a-z])(?:{stems})") for name, stems in _STEMS.items()}


def function_of(title: str) -> str | None:
    """Return what somebody with that title does; None where it does not say."""
    text = f"{fold(title)} "
    found = [(match.start(), name) for name, stems in _FUNCTIONS.items() if (match := stems.search(text))]
    return min(found)[1] if found else None


def mix(titles: Iterable[str]) -> dict[str, float]:
    """Return the share of each function among people with these titles; empty where none says what somebody does."""
    counted = Counter(filter(None, map(function_of, titles)))
    people = counted.total()
    return {name: number / people for name, number in counted.items()}
