"""The notice to whoever stands in the directory by a public source: sent once, however many sources name the person, before
anybody finds the profile. Whoever cannot be told within the month is not kept (GDPR art. 14)."""

from collections.abc import Mapping

from chalicelib.core import clock, settings
from chalicelib.core.errors import BadRequest, NotFound
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import TenantId
from chalicelib.core.languages import OF_PERSONS
from chalicelib.domain.directory import repository
from chalicelib.domain.directory.model import QUIET, Notice, ProfilePayload, Side
from chalicelib.domain.directory.records import ProfileRecord
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.records import Wish
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.domain.suppression.wishes import Use
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.store.due import Due
from chalicelib.store.steps import Outcome, Turn, Work, later
from chalicelib.texts import render
from chalicelib.vault import tags

DUE_KIND = "directory_notice"
_PURPOSE = "unlist"
_BETWEEN = "|"
_MAIL = "notice"
_SPOKEN: Mapping[str, str] = {  # where one language is most people's
    **{code: code for code in OF_PERSONS},
    "at": "de",
    "br": "pt",
    "mx": "es",
    "ar": "es",
    "co": "es",
    "cl": "es",
    "se": "sv",
    "dk": "da",
    "cz": "cs",
    "gr": "el",
    "uk": "en",
    "us": "en",
    "ie": "en",
    "au": "en",
    "li": "de",
    "md": "ro",
}
_NO_COUNTRY = frozenset({"el", "sv", "da", "cs", "en"})  # languages whose code is another country's, or none's


def due_of(exact: str) -> Due:
    """Return the piece of work that tells the owner of an address: by keyed hashes, from which its row is found."""
    place, sk = repository.place_of(exact), repository.sort_key(Side.PUBLIC, exact)
    return Due(DUE_KIND, f"{place.partition('#')[2]}.{sk.rpartition('#')[2]}")


def language_of(domain: str) -> str:
    """Return the language that somebody with an address there most likely reads: by its country, else English."""
    country = domain.rpartition(".")[2]
    return "en" if country in _NO_COUNTRY else _SPOKEN.get(country, "en")


def _tell(turn: Turn) -> Outcome | None:
    row = _row(turn.id)
    payload = row.unsealed(ProfilePayload).model_copy(deep=True) if row else None
    notice = payload.notice if payload else None
    if row is None or payload is None or notice is None or notice.sent_at is not None:
        return None
    address = EmailAddress.parse(payload.exact, historic=True)
    unwanted = blocked(TenantId(""), [marks_of([address])])[0] or wishes.forbidden(Use.DIRECTORY, [payload.exact])
    if unwanted or clock.now() >= notice.due_by:
        repository.remove(row)
        return None
    _send(row, payload, notice)
    return None if notice.sent_at else later(notice.due_by)  # whether it went is not known: then it is not kept


def _send(row: ProfileRecord, payload: ProfilePayload, notice: Notice) -> None:
    def save() -> None:
        if notice.mails.get(_MAIL) == "sent" and notice.sent_at is None:
            notice.sent_at = clock.now()
        row.reseal(payload)
        rows.put_if_unchanged(row)

    spoken = payload.language or "en"
    values = _values(row, payload, spoken)
    mails.once(notice.mails, _MAIL, mails.written(payload.address, "directory_notice", spoken, **values), save)


def _values(row: ProfileRecord, payload: ProfilePayload, spoken: str) -> dict[str, str]:
    here, now = settings.current(), clock.now()
    values = payload.shown(now)
    return {
        "obtained": render.day(payload.created_at, spoken),
        "said": "\n".join(part for part in (values.name, values.title, values.company, *values.links) if part),
        "sources": "\n".join(f"{said.source}: {said.url}" for said in payload.said),
        "visible": render.day(now + QUIET, spoken),
        "until": render.day(payload.ends_at or now, spoken),
        "link": f"{here.public_url}/privacy/directory/{_token(row, payload.exact)}?lang={spoken}",
        "form": f"{here.public_url}/privacy?lang={spoken}",
        "complaint": render.sentence("complaint", spoken),
        "controller": f"{here.controller_name}, {here.controller_address}",
        "privacy_address": here.privacy_address,
    }


def unlist(token: str) -> None:
    """Keep that whom a notice told wishes no profile, so that no feed brings one back, and delete the one that there is, if any.
    Safe to repeat. NotFound where the token is none of ours; Unavailable, VersionConflict."""
    ident, place = _opened(token)
    wishes.record_at(place, [Wish.UNLISTED], f"{DUE_KIND}.{ident}", clock.now())
    row = _row(ident)
    if row is not None:
        repository.remove(row)


def relist(token: str) -> bool:
    """Take back what the person said by the link of a notice; whether it stood. What a feed brings later it is told of
    anew. Safe to repeat. Errors as in `unlist`."""
    ident, place = _opened(token)
    return bool(wishes.lift(place, f"{DUE_KIND}.{ident}"))


def stands(token: str) -> bool:
    """Return whether whom a notice told has not yet said by its link that there is to be no profile. NotFound as above."""
    ident, place = _opened(token)
    return not wishes.stands(place, f"{DUE_KIND}.{ident}")


def _opened(token: str) -> tuple[str, str]:
    """The profile that the link is of, and the place of what its person wishes."""
    try:
        ident, _, place = tags.open_token(_PURPOSE, token).decode().partition(" ")
    except BadRequest as error:
        raise NotFound from error
    return ident, place


def _token(row: ProfileRecord, exact: str) -> str:
    ident = f"{row.pk.partition('#')[2]}.{row.sk.rpartition('#')[2]}"
    return tags.seal_token(_PURPOSE, f"{ident} {wishes.place_of(exact)}".encode())


def _row(ident: str) -> ProfileRecord | None:
    place, _, own = ident.partition(".")
    return rows.get(ProfileRecord, f"profile#{place}", f"profile#{Side.PUBLIC}#{own}")


WORK = Work(DUE_KIND, "work", (_tell,))
