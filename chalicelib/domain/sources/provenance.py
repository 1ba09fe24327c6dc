"""Where a value came from and since when. Every field of a company or contact keeps this for each of its values."""

from collections.abc import Iterable
from typing import Self, TypeVar

from pydantic import Field

from chalicelib.connectors.port import PrivacyClass
from chalicelib.core.models import Model
from chalicelib.domain.sources.privacy_class import COMPANY, COMPANY_HIDDEN, privacy_class

_CONNECTION = "cxn_"  # what the ids of connections begin with


class Kept(Model):
    """One value and its sources: `{source: since when (RFC 3339)}`. Sources read `member`, `import:google_csv`, `hubspot`."""

    value: str
    sources: dict[str, str] = Field(default_factory=dict)

    def also(self, source: str, at: str) -> Self:
        """The same value, known from this source too; the earlier time stays."""
        return self if source in self.sources else self.model_copy(update={"sources": {**self.sources, source: at}})

    def without(self, sources: frozenset[str]) -> Self | None:
        """The same value without these sources; None where no other vouches for it."""
        left = {source: at for source, at in self.sources.items() if source not in sources}
        if len(left) == len(self.sources):
            return self
        return self.model_copy(update={"sources": left}) if left else None


class KeptSize(Kept):
    """A company's size as it was given: a number of people, or a class such as 51-200."""

    value: str | int  # type: ignore[assignment]  # wider on purpose: only a company's size is


K = TypeVar("K", bound=Kept)


def source_is_hidden(source: str) -> bool:
    """Whether what only this source vouches for is for nobody but its owner."""
    return privacy_class(source) is PrivacyClass.OWNER_ONLY


def lent(kept: Kept | None) -> bool:
    """Whether the value is the name of the linked company, and nothing else says it."""
    return kept is not None and set(kept.sources) <= {COMPANY, COMPANY_HIDDEN}


def keep(value: str | None, source: str, at: str) -> Kept | None:
    """A fresh value from one source, or None for nothing."""
    return Kept(value=value, sources={source: at}) if value else None


def shareable(kept: K | None) -> K | None:
    """What others may see of a value: nothing where only a CRM or another source for the owner alone vouches for it, and
    otherwise no word of these, nor of which connection it was."""
    if kept is None:
        return None
    sources: dict[str, str] = {}
    for source, at in kept.sources.items():
        name, _, ident = source.partition(":")
        shown = name if ident.startswith(_CONNECTION) else source
        if not source_is_hidden(source):
            sources[shown] = min(at, sources.get(shown, at))
    return kept.model_copy(update={"sources": sources}) if sources else None


def united(values: Iterable[Kept]) -> dict[str, str]:
    """Where a resource came from: each source of its values since when, earliest first. A name lent by a linked
    company is no source."""
    found: dict[str, str] = {}
    for kept in values:
        for source, at in kept.sources.items():
            if source not in (COMPANY, COMPANY_HIDDEN) and at < found.get(source, "~"):
                found[source] = at
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
