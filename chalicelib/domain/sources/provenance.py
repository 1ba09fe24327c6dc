"""Where a value came from and since when. Every field of a company or contact keeps this for each of its values."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from chalicelib.core.models import Model
from chalicelib.domain.sources.privacy_class import COMPANY, COMPANY_HIDDEN, DROPPED

_NO_SOURCES = frozenset({COMPANY, COMPANY_HIDDEN, *DROPPED})


class Kept(Model):
    """One value and its sources: `{source: since when (RFC 3339)}`. Sources read `member`, `import:google_csv`, `hubspot`.

    `changed`: when a source changed what it said before to this value; it is as `sources` where it is not named, and empty
    where the source was first heard while others said something. `shared`: the same, had there been only what may be shared;
    as `changed` where it is not named. See survivorship.
    """

    value: str
    sources: dict[str, str] = Field(default_factory=dict)
    changed: dict[str, str] = Field(default_factory=dict)
    shared: dict[str, str] = Field(default_factory=dict)

    def also(self, source: str, at: str, changed: str | None = None, shared: str | None = None) -> Self:
        """Return the same value, known from this source too; what is known of the source already stays."""
        if source in self.sources:
            return self
        changed = at if changed is None else changed
        shared = changed if shared is None else shared
        update = {"sources": {**self.sources, source: at}}
        if changed != at:
            update["changed"] = {**self.changed, source: changed}
        if shared != changed:
            update["shared"] = {**self.shared, source: shared}
        return self.model_copy(update=update)

    def without(self, sources: frozenset[str]) -> Self | None:
        """Return the same value without these sources; None where no other vouches for it."""
        if sources.isdisjoint(self.sources):
            return self
        times = {
            name: {source: at for source, at in getattr(self, name).items() if source not in sources}
            for name in ("sources", "changed", "shared")
        }
        return self.model_copy(update=times) if times["sources"] else None

    def changed_at(self, source: str, *, among_shared: bool) -> str:
        """Return when the source changed to this value, empty where it never did; RFC 3339."""
        changed = self.changed.get(source, self.sources[source])
        return self.shared.get(source, changed) if among_shared else changed


class KeptSize(Kept):
    """A company's size as it was given: a number of people, or a class such as 51-200."""

    value: str | int  # type: ignore[assignment]  # wider on purpose: only a company's size is


def keep(value: str | None, source: str, at: str) -> Kept | None:
    """Return a fresh value from one source, or None for nothing."""
    return Kept(value=value, sources={source: at}) if value else None


def united(values: Iterable[Kept]) -> dict[str, str]:
    """Return the sources of a resource's values, each with the time since when, earliest first.

    A name lent by a linked company, or a value that the member took away, has no source.
    """
    found: dict[str, str] = {}
    for kept in values:
        for source, at in kept.sources.items():
            if source not in _NO_SOURCES and at < found.get(source, "~"):
                found[source] = at
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
