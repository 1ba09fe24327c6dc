"""Whom an address may mean beside itself: rubbish of links, headings and directories before it, or somebody else in a list."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.redaction.mentions import identifiers_in
from chalicelib.vault.tags import Identifier

_WORD = re.compile(r"[\w.+'’-]+")
_DOTS = re.compile(r"\.{2,}")
_AROUND = "_.+'’-"


def also_meant(address: EmailAddress) -> tuple[str, ...]:
    """Return the exact forms of the other addresses that a reader may take this one for, at the same domain; nearly always none.

    Asked is of whoever is `named_in` it; of each of its words without signs at their ends; and of all its words with dots between
    them. That keeps an erased person out, and may keep out somebody whose address really is so.
    """
    if address.is_usual:
        return ()
    local, _, domain = address.exact.rpartition("@")
    found = dict.fromkeys([*named_in(address), *_exact(_likely(local), domain)])
    found.pop(address.exact, None)
    return tuple(found)


def named_in(address: EmailAddress) -> tuple[str, ...]:
    """Return the exact forms of the addresses at the same domain that plainly stand in this one: behind or before signs that no
    mailbox has, as in email=jan@ and ann/bo@, or behind another script. Its record is theirs.

    Not of `jan_@` and `jan-@`: both may be somebody else's mailbox.
    """
    if address.is_usual:
        return ()
    local, _, domain = address.exact.rpartition("@")
    found = dict.fromkeys(_exact(_plainly(local), domain))
    if not local.isascii():
        marks = (mark for mention in identifiers_in(address.exact) for mark in mention.marks)
        found |= dict.fromkeys(mark.exact for mark in marks if mark.kind is Identifier.EMAIL)
    found.pop(address.exact, None)
    return tuple(found)


def _plainly(local: str) -> Iterator[str]:
    for word in _WORD.findall(local):
        yield word.strip("+'’").lstrip("-")
        if word != local:  # other signs are around it, so that these say nothing more
            yield word.strip(_AROUND)


def _likely(local: str) -> Iterator[str]:
    words = [word for each in _WORD.findall(local) if (word := _DOTS.sub(".", each).strip(_AROUND))]
    yield from words
    if len(words) > 1:
        yield ".".join(words)


def _exact(locals_: Iterable[str], domain: str) -> Iterator[str]:
    for local in locals_:
        with suppress(InvalidIdentifier):
            yield EmailAddress.parse(f"{local}@{domain}").exact
