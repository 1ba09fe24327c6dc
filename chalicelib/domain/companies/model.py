"""A company as it is sealed, and what may be shown of it to colleagues."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from chalicelib.core import ids
from chalicelib.core.codes import FieldCode
from chalicelib.core.ids import OwnerCode, SortKey
from chalicelib.core.models import LINE, PROSE, InvalidValue, Model
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import COMPANY, COMPANY_HIDDEN, Kept, KeptSize, is_hidden, united
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.visibility import values as visibility
from chalicelib.domain.visibility.values import shareable
from chalicelib.vault.tags import Identifier

KIND = "company"
PREFIX = "com"
MOST_PEOPLE, LONGEST_SIZE = 10_000_000, 40  # a size in numbers, and in characters
FIELDS = ("name", "domain", "industry", "country", "size")
TEXTS = ("name", "domain", "industry", "country")  # what sources say of a company; its size the member alone
# ISO 3166-1 alpha-2, officially assigned codes (as of 2024), and XK, which is in use for Kosovo.
_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC "
    "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
    "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH "
    "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
    "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC "
    "SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
    "UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
_HOST = re.compile(r"[\w-]+(?:[.\u3002][\w-]+)+")  # nothing stands in it that an address or a path has
COUNTRIES = frozenset(_CODES.split())


class Tag(StrEnum):
    """What a company is to the member: the training set of the ranking."""

    CLIENT = "client"
    PROSPECT = "prospect"


class CompanyPayload(Model):
    """Times are RFC 3339. `shown_at` is when something last changed that others could see while tags are shared;
    `shown_from` when there was anything for them to see, where that is later than `created_at`.

    `source_ids` are the company's names at its sources (connection and external id); `seen` is when each connection (a source
    of values) last showed the company. `beside`: of each text what its sources say that is not shown (see survivorship).
    `lends`: contacts may have been linked with it, which show its name; `linked`: by its member."""

    name: Annotated[Kept, LINE]
    domain: Kept | None = None
    industry: Annotated[Kept | None, LINE] = None
    country: Kept | None = None
    size: Annotated[KeptSize | None, LINE] = None
    tag: Tag | None = None
    notes: Annotated[str | None, PROSE] = None
    source_ids: list[str] = []
    seen: dict[str, str] = {}
    created_at: str = ""
    updated_at: str = ""
    shown_at: str = ""
    shown_from: str = ""
    lends: bool = False
    linked: bool = False
    beside: dict[str, list[Kept]] = {}

    @property
    def sources(self) -> dict[str, str]:
        """Where the company came from: each source, since when."""
        return united(kept for name in FIELDS for kept in self.values_of(name))

    def values_of(self, name: str) -> list[Kept]:
        """Return every value of one field; the first one is shown."""
        there = getattr(self, name)
        return [*([there] if there is not None and there.sources else []), *self.beside.get(name, ())]

    def with_values(self, values: Mapping[str, list[Kept]]) -> dict[str, object]:
        """Return the update of these texts, given all values of each: which is shown, and what stands beside."""
        update: dict[str, object] = {}
        beside = {name: kept for name, kept in self.beside.items() if name not in values}
        for name, every in values.items():
            update[name], left = survivorship.settled(every)
            if left:
                beside[name] = left
        return {**update, "beside": beside}

    def differs_visibly(self, before: "CompanyPayload") -> bool:
        """Return whether anybody is shown a difference, or the company mentions somebody else: not where only what stands beside
        was changed, or when connections showed it last."""
        if before.model_copy(update={"seen": self.seen, "beside": self.beside}) != self:
            return True
        return self.beside != before.beside and (
            before.sources != self.sources or before.mentioned() != self.mentioned() or before.shown() != self.shown()
        )

    @property
    def is_annotated(self) -> bool:
        """Whether its member tagged or noted it, or linked a contact with it: it outlives its sources."""
        return self.tag is not None or self.notes is not None or self.linked

    def own_view(self) -> tuple[object, ...]:
        """Return what the owner is shown, without the times of changes: equal where the owner can tell no difference."""
        values = [kept.value if (kept := getattr(self, name)) else None for name in FIELDS]
        return (*values, self.tag, self.notes, self.sources, self.created_at)

    def lent_names(self, linked_by: str = "") -> dict[str, str]:
        """Return the names that contacts linked with it show: to everybody who may see the company, and to its owner alone where
        that is another one, or where colleagues may not know of the link; by source of values. `linked_by`: the connection."""
        name = self.name.value
        seen = None if linked_by and is_hidden(linked_by) else self.shared()
        lent = {COMPANY: seen.name.value} if seen is not None else {}
        return lent if lent.get(COMPANY) == name else {**lent, COMPANY_HIDDEN: name}

    def mentioned(self) -> tuple[Mark, ...]:
        """Return the marks of whoever the notes and other texts name by an address, URL or phone, shown or not."""
        from chalicelib.domain.redaction.texts import mentioned_in  # noqa: PLC0415 - cold start: patterns of every script

        return mentioned_in(self)

    def shared(self) -> "CompanyPayload | None":
        """Return what a colleague sees while tags are shared: no notes, and nothing that only a CRM knows. None where
        only a CRM knows the company's very name."""
        if shareable(self.values_of("name")) is None:
            return None
        return self.model_copy(
            update={
                **{name: shareable(self.values_of(name)) for name in FIELDS},
                "beside": {},
                "notes": None,
                "source_ids": [],
                "seen": {},
                "lends": False,
                "linked": False,
                "created_at": self.first_shown,
                "updated_at": self.shown_at or self.created_at,
                "shown_at": "",
                "shown_from": "",
            }
        )

    @property
    def first_shown(self) -> str:
        """Return since when there has been anything for colleagues to see."""
        return self.shown_from or self.created_at

    def shows(self) -> bool:
        """Return whether a colleague may be shown the company's name."""
        return self.shared() is not None

    def shown(self) -> "CompanyPayload | None":
        """Return the same as `shared`, without the times of changes: equal where a colleague can tell no difference."""
        seen = self.shared()
        return seen.model_copy(update={"updated_at": ""}) if seen else None


def bare_host(text: str) -> str:
    """Return the host of a domain or web address, without www. ValueError where it has none."""
    host = text.strip().lower().rpartition("://")[2].split("/", 1)[0].split("?", 1)[0].rstrip(".").removeprefix("www.")
    if not _HOST.fullmatch(host):
        raise InvalidValue(FieldCode.WRONG_FORM, "Send a domain or a web address, like example.com.")
    return host


def source_marks(source_ids: Iterable[str]) -> tuple[Mark, ...]:
    """Return the marks of a company's names at its sources, where the company is a person: a contact may have the same
    ids."""
    return tuple(Mark(Identifier.SOURCE, f"{KIND}:{each}") for each in source_ids)


def record_sk(owner: OwnerCode, local: str) -> SortKey:
    """Return the sort key of a company's row; `owner` is an owner code."""
    return ids.sort_key(KIND, owner, local)


def stamped(before: CompanyPayload | None, after: CompanyPayload, at: str) -> CompanyPayload:
    """Return `after` with its times set: each moves only where whom it is shown to could see a difference."""
    own = before is None or before.own_view() != after.own_view()
    return after.model_copy(update=visibility.times(after, at, before and before.shown(), after.shown(), own=own))
