"""A few hundred people who do not exist, for the provider simulators: the same each time, each provider knowing some of them.

Every address is of a domain that can belong to nobody (RFC 2606).
"""

import random
from dataclasses import dataclass
from unicodedata import normalize

_FIRST = (
    "Anna Ben Carla Daniel Elif Fabien Greta Hugo Ines Jakob Katja Louis Maja Noah Olga Pedro Quentin Rosa Sven Teresa Ulla "
    "Victor Wanda Xavier Yara Zeno Aino Björn Céline Dörte Émile Françoise Göran Håkon Íris Jürgen Łukasz Mária Núria Øyvind"
)
_LAST = (
    "Almeida Berger Conti Dahl Eriksen Fischer Garcia Haas Ivanova Jansen Keller Lindqvist Moreau Novak Olsen Petit Quist "
    "Rossi Schulz Tanaka Ullmann Vogel Weiss Yilmaz Zimmer Åberg Brûlé Čech Díaz Ekström Faßbender Grün Høst Işık Kovács "
    "Lefèvre Müller Nuñez Özdemir Świątek"
)
_TRADES = ["Werke", "Logistik", "Energie", "Papier", "Textil", "Metall", "Optik", "Chemie", "Druck", "Software"]
_PLACES = ["Nord", "Süd", "Alpen", "Rhein", "Donau", "Elbe", "Hafen", "Insel"]
_TITLES = ("Buyer", "CEO", "CFO", "COO", "CTO", "Head of Sales", "Head of Purchasing", "Plant Manager", "Engineer")
_PLAIN = {ord("ß"): "ss", ord("ø"): "oe", ord("ł"): "l", ord("ı"): "i"}


@dataclass(frozen=True)
class Company:
    """One employer; `number` counts from 0."""

    number: int
    name: str
    domain: str


@dataclass(frozen=True)
class Somebody:
    """One person; `number` counts from 0 and is the same in every provider that knows the person."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str
    title: str
    company: Company
    linkedin: str  # the profile's address


def companies() -> list[Company]:
    """Forty of them."""
    made = []
    for number in range(40):
        name = f"{_PLACES[number % len(_PLACES)]} {_TRADES[(number * 7) % len(_TRADES)]} {number}"
        slug = name.lower().replace(" ", "-").replace("ü", "ue")
        made.append(Company(number, name, f"{slug}.example"))
    return made


def people(count: int = 320) -> list[Somebody]:
    """The first `count` of them, always the same."""
    employers, firsts, lasts = companies(), _FIRST.split(), _LAST.split()
    made = []
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - people who do not exist
        first, last, employer = chance.choice(firsts), chance.choice(lasts), chance.choice(employers)
        slug = f"{_ascii(first)}.{_ascii(last)}.{number}"
        email, linkedin = f"{slug}@{employer.domain}", f"https://www.linkedin.com/in/{slug.replace('.', '-')}"
        phone, title = f"+49301{number:07d}", chance.choice(_TITLES)
        made.append(Somebody(number, first, last, email, phone, title, employer, linkedin))
    return made


def _ascii(name: str) -> str:
    plain = normalize("NFKD", name.lower().translate(_PLAIN))
    return "".join(c for c in plain if c.isascii() and c.isalpha())


# Whom each provider knows: overlapping, so that matching has something to find.
KNOWN = {
    "google": range(200),
    "salesforce": range(100, 280),
    "hubspot": (*range(60, 160), *range(250, 320)),
    "linkedin": range(120),
}
