"""vCards as programs write them, by their habits: RFC 2426 and 6350, and what phones, Outlook and Apple make of them.

A card is made of a person and of habits that are drawn from a seed, so that a file's cards are known before it is read.
"""

import base64
import binascii
import random
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST = ["Anna", "Jörg", "Zoë", "Łukasz", "Ólafur", "Жанна", "花子", "Αθηνά", "O'Neil", "Mary Ann", "नमिता", "Eve 🌟"]
LAST = ["Keller", "Müßig", "van den Berg", "D'Arcy", "Åström", "Петрова", "田中", "Παπαδάκη", "Smith-Jones", "शर्मा"]
ENDS = ("\r\n", "\n", "\r")
_OCTETS = 60  # of a folded line
_PHOTO = base64.b64encode(bytes(range(256)) * 3).decode()


@dataclass(frozen=True)
class Person:
    """Whom a card is about."""

    first: str
    last: str
    email: str
    phone: str


@dataclass
class Habits:
    """How one program writes: its version and line ends, where it folds, and what else it puts into a card."""

    version: str
    ends: str
    fold: Callable[[str, str], str]
    quoted: bool
    extras: list[Callable[[random.Random], list[str]]] = field(default_factory=list)


def someone(rng: random.Random, number: int) -> Person:
    """A person of whom no other has the address."""
    return Person(
        rng.choice(FIRST), rng.choice(LAST), f"p{number}@cards.example", f"+49 30 {rng.randrange(1_000_000, 9_999_999)}"
    )


def habits(rng: random.Random) -> Habits:
    """The habits of some program."""
    version = rng.choice(("2.1", "3.0", "3.0", "4.0"))
    extras = rng.sample(EXTRAS[version], k=rng.randrange(len(EXTRAS[version])))
    fold = rng.choice((_whole, _at_octets, _at_characters)) if version != "2.1" else _whole
    return Habits(version, rng.choice(ENDS), fold, quoted=version == "2.1" and rng.random() < 0.7, extras=extras)


def card(rng: random.Random, who: Person, by: Habits) -> bytes:
    """The person's card, in UTF-8."""
    lines = [*_names(rng, who, by), *_values(rng, who, by)]
    for extra in by.extras:
        at = rng.randrange(len(lines) + 1)
        lines[at:at] = ["\0".join(extra(rng))]  # what belongs together stays together
    head = rng.choice(("BEGIN:VCARD", "begin:vcard", "BEGIN:VCARD ", "Begin:vCard"))
    end = rng.choice(("END:VCARD", "end:vcard", "END:VCARD ", "END:VCARD.", "END:VCARD;"))
    body = [head, f"VERSION:{by.version}", *(part for line in lines for part in line.split("\0")), end]
    folded = [by.fold(line, by.ends) if not line.startswith((" ", "\t")) else line for line in body]
    return b"".join(
        line.encode("utf-8", "surrogateescape")
        + (by.ends * rng.choice((1, 1, 1, 2)) if line is folded[-1] else by.ends).encode()
        for line in folded
    )


def _names(rng: random.Random, who: Person, by: Habits) -> list[str]:
    full = _property(by, "FN", f"{who.first} {who.last}", rng)
    name = _property(by, "N", f"{who.last};{who.first};;;", rng)
    second = rng.choice(([], [], [_property(by, "N", f";{who.first} {who.last};;;", rng)]))
    empty = rng.choice(([], [], ["FN:"]))
    return [*empty, name, *([full] if by.version != "2.1" or rng.random() < 0.5 else []), *second]


def _values(rng: random.Random, who: Person, by: Habits) -> list[str]:
    group = rng.choice(("", "", "item1.", "EMAIL1.", "A-b-2."))
    kind = {"2.1": ";INTERNET", "3.0": ";type=INTERNET;type=HOME;type=pref", "4.0": ';TYPE="home,work";PREF=1'}[
        by.version
    ]
    email = f"{group}{rng.choice(('EMAIL', 'email', 'Email'))}{kind}:{who.email}"
    label = [f"{group}X-ABLabel:_$!<Home>!$_"] if group else []
    tel = {"2.1": "TEL;CELL;VOICE:", "3.0": "TEL;TYPE=CELL,VOICE:", "4.0": 'TEL;VALUE=uri;TYPE="cell":tel:'}[by.version]
    number = who.phone.replace(" ", "-") if by.version == "4.0" else who.phone
    return [email, *label, f"{tel}{number}"]


def _property(by: Habits, name: str, value: str, rng: random.Random) -> str:
    if not by.quoted or value.isascii():
        charset = ";CHARSET=UTF-8" if by.version == "2.1" and rng.random() < 0.5 else ""
        return f"{name}{charset}:{value}"
    return _quoted(name, value, by.ends)


def _quoted(name: str, value: str, ends: str) -> str:
    """The value as 2.1 writes what is no ASCII: with soft breaks, also within a character."""
    coded = binascii.b2a_qp(value.encode()).decode().replace("=\n", "")
    pieces, line = [], ""
    for at in range(len(coded)):
        line += coded[at]
        if len(line) > 20 and not coded[max(0, at - 1) : at + 1].count("=") and at + 1 < len(coded):
            pieces.append(line)
            line = ""
    return f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + f"={ends}".join([*pieces, line])


def _whole(line: str, _: str) -> str:
    return line


def _at_characters(line: str, ends: str) -> str:
    return f"{ends} ".join(line[at : at + _OCTETS] for at in range(0, len(line), _OCTETS)) or line


def _at_octets(line: str, ends: str) -> str:
    """Folded where the octets are counted, within a character too."""
    raw = line.encode()
    pieces = [raw[at : at + _OCTETS] for at in range(0, len(raw), _OCTETS)] or [raw]
    return (ends.encode() + b" ").join(pieces).decode("utf-8", "surrogateescape")


def _note(_: random.Random) -> list[str]:
    return ["NOTE:see BEGIN:VCARD\\nEMAIL:canary@else.example\\nEND:VCARD\\, and so on"]


def _quoted_note(_: random.Random) -> list[str]:
    return ["NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=", "END:VCARD=0D=0A=", "EMAIL:canary@else.example"]


def _photo_folded(_: random.Random) -> list[str]:
    return [
        "PHOTO;ENCODING=b;TYPE=JPEG:" + _PHOTO[:60],
        *(f" {_PHOTO[at : at + 70]}" for at in range(60, len(_PHOTO), 70)),
    ]


def _photo_of_phones(_: random.Random) -> list[str]:
    """As 2.1 has it: a block with an empty line behind, at the left edge in some phones."""
    return ["PHOTO;JPEG;ENCODING=BASE64:", *(_PHOTO[at : at + 72] for at in range(0, len(_PHOTO), 72)), ""]


def _agent(_: random.Random) -> list[str]:
    return ["AGENT:", "BEGIN:VCARD", "VERSION:2.1", "N:Agent;Canary", "EMAIL:canary@else.example", "END:VCARD"]


def _agent_with_parameters(_: random.Random) -> list[str]:
    return ["AGENT;CHARSET=UTF-8:", "BEGIN:VCARD", "FN:Canary", "END:VCARD"]


def _agent_in_a_line(_: random.Random) -> list[str]:
    return ["AGENT:BEGIN:VCARD\\nFN:Canary\\nEMAIL\\;TYPE=INTERNET:canary@else.example\\nEND:VCARD\\n"]


def _rubbish(rng: random.Random) -> list[str]:
    return [rng.choice(("no property", ":", ";;;", "=", "TEL", "X-:", "\x0b", "item7.", "EMAIL;TYPE", "…"))]


def _label(_: random.Random) -> list[str]:
    return [
        "LABEL;HOME;ENCODING=QUOTED-PRINTABLE:Musterweg 1=0D=0A=",
        "10115 Berlin",
        "ADR;HOME:;;Musterweg 1;Berlin;;10115;DE",
    ]


def _apple(_: random.Random) -> list[str]:
    return [
        "item9.ADR;type=HOME:;;Weg 1;Bonn;;;",
        "item9.X-ABADR:de",
        "X-ABUID:5AD380FD\\:ABPerson",
        "X-IMAGETYPE:PHOTO",
    ]


def _japanese(_: random.Random) -> list[str]:
    return ["SOUND;X-IRMC-N;CHARSET=SHIFT_JIS:ﾀﾅｶ;ﾊﾅｺ;;;", "X-CLASS:PRIVATE", "X-REDUCTION:0", "TZ:+0900"]


def _version_4(_: random.Random) -> list[str]:
    return [
        'XML:<config xmlns="http://x.example">a\\;b</config>',
        "CLIENTPIDMAP:1;urn:uuid:3df403f4-5924-4bb7-b077-3c711d9eb34b",
        "PHOTO:data:image/png;base64,iVBORw0KGgo=",
        "RELATED;TYPE=friend:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af",
    ]


EXTRAS: dict[str, list[Callable[[random.Random], list[str]]]] = {
    "2.1": [_quoted_note, _photo_of_phones, _photo_folded, _agent, _agent_with_parameters, _rubbish, _label, _japanese],
    "3.0": [_note, _photo_folded, _agent_in_a_line, _rubbish, _apple],
    "4.0": [_note, _version_4, _rubbish],
}
