"""One property of a vCard in its parts (RFC 6350 3.3), its value unescaped, and quoted-printable as 2.1 writes it."""

import binascii
import contextlib
import re
from dataclasses import dataclass

from chalicelib.domain.imports.parsing import encoding
from chalicelib.domain.imports.parsing.names import decoded

_PARAMETER = re.compile(r";([^=;]+)(?:=((?:\"[^\"]*\"|[^\";])*))?")
_COMPONENT = re.compile(r"((?:\\.|[^;\\]|\\$)*)(?:;|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a card: its name in capitals, its parameters, its value as it is written."""

    name: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def types(self) -> set[str]:
        """What the property is for, in capitals; 2.1 writes types without `TYPE=`."""
        named = [word for key, values in self.parameters.items() for word in ([key] if key != "TYPE" else values)]
        return {word.upper() for word in named}

    @property
    def text(self) -> str:
        return _ESCAPE.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), self.value)

    @property
    def components(self) -> list[str]:
        """The parts of N or ORG; several values of a part stand with blanks between them."""
        parts = _COMPONENT.findall(self.value)
        return [_ESCAPE.sub(r"\1", re.sub(r"(?<!\\),", " ", part)) for part in parts]


def taken_apart(match: re.Match[str]) -> Property:
    """Return a line of a property in its parts."""
    parameters: dict[str, list[str]] = {}
    for key, value in _PARAMETER.findall(match.group(2)):
        parameters.setdefault(key.strip().upper(), []).extend(word.strip('" ') for word in value.split(","))
    value = match.group(3)
    encodings = {word.upper() for word in parameters.get("ENCODING", [])} | parameters.keys()
    if "QUOTED-PRINTABLE" in encodings:
        value = _quoted_printable(value, "".join(parameters.get("CHARSET", [])))
    if "&" in value:
        value = decoded(value)  # before it is taken apart at its semicolons
    return Property(match.group(1).upper(), parameters, value)


def _quoted_printable(value: str, charset: str) -> str:
    data = binascii.a2b_qp(value.encode())
    for name in (encoding.declarable(charset), "utf-8"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(name or "utf-8")
    return data.decode("cp1252", "replace")
