"""What a person is told of what is held about it: each value with the chain of who said it, since when, and on what ground."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from chalicelib.core.models import Model


class SourceKind(StrEnum):
    """Who said a value."""

    PERSON = "person"  # the person itself
    MEMBER = "member"  # whoever holds the record typed it in
    FILE = "file"  # a file that was brought in
    CONNECTION = "connection"  # an account that is read
    COMPANY = "company"  # taken over from the record of the person's company
    PUBLIC = "public"  # a public professional source
    SERVICE = "service"  # we noted it ourselves


class Ground(StrEnum):
    """On what ground of the GDPR's article 6 it is held."""

    CONTRACT = "contract"  # 6(1)(b)
    LEGAL_OBLIGATION = "legal_obligation"  # 6(1)(c), with articles 12 to 22
    CONSENT = "consent"  # 6(1)(a)
    LEGITIMATE_INTEREST = "legitimate_interest"  # 6(1)(f)
    HOLDER = "holder"  # whoever holds the record answers for it; we process it for them (article 28)


class Said(Model):
    """One link of a value's chain. `connector`: which kind of file or account it was, empty where it is neither; `at`: since when
    the source says it; `notice_at`: when the person was told that we hold it, None where we never wrote. RFC 3339."""

    source: SourceKind
    connector: str = ""
    at: str = ""
    ground: Ground
    notice_at: str | None = None


class Told(Model):
    """One value: of which kind of record, of which field, and who said it."""

    kind: str
    field: str
    value: str
    sources: list[Said]


Changes = Mapping[str, str]  # what a person says is right, by field
# Fields that each record has once: of several records' one is told, since as many would say how many records there are.
ONE_OF: Mapping[str, Callable[[str, str], str]] = {"kept_since": min, "last_heard_at": max}
