"""Where a value came from and since when. Every field of a company or contact keeps this for each of its values."""

from collections.abc import Iterable
from typing import Self, TypeVar

from pydantic import Field

from chalicelib.core.models import Model

MEMBER = "member"  # typed in by the member
COMPANY = "company"  # taken over from the company that the member linked
CRM = frozenset({"hubspot", "salesforce"})


class Kept(Model):
    """One value and its sources: `{source: since when (RFC 3339)}`. Sources read `member`, `import:google_csv`, `hubspot`."""

    value: str
    sources: dict[str, str] = Field(default_factory=dict)

    def also(self, source: str, at: str) -> Self:
        """The same value, known from this source too; the earlier time stays."""
        return self if source in self.sources else self.model_copy(update={"sources": {**self.sources, source: at}})

    @property
    def only_crm(self) -> bool:
        """Whether nothing but a CRM vouches for it: then nobody but its owner may see it."""
        return all(source_is_crm(source) for source in self.sources)


class KeptSize(Kept):
    """A company's size as it was given: a number of people, or a class such as 51-200."""

    value: str | int  # type: ignore[assignment]  # wider on purpose: only a company's size is


K = TypeVar("K", bound=Kept)


def source_is_crm(source: str) -> bool:
    """Whether the source is a CRM: a connection (`hubspot`, `salesforce:<connection>`) or a file exported from one."""
    return source.partition(":")[0] in CRM or source.startswith("import:crm:")


def keep(value: str | None, source: str, at: str) -> Kept | None:
    """A fresh value from one source, or None for nothing."""
    return Kept(value=value, sources={source: at}) if value else None


def shareable(kept: K | None) -> K | None:
    """What others may see of a value: nothing where only a CRM vouches for it, and no word of a CRM otherwise."""
    if kept is None or kept.only_crm:
        return None
    return kept.model_copy(update={"sources": {s: at for s, at in kept.sources.items() if not source_is_crm(s)}})


def united(values: Iterable[Kept]) -> dict[str, str]:
    """Where a resource came from: each source of its values since when, earliest first. A name lent by a linked
    company is no source."""
    found: dict[str, str] = {}
    for kept in values:
        for source, at in kept.sources.items():
            if source != COMPANY and at < found.get(source, "~"):
                found[source] = at
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
