"""What the privacy officer is shown of requests: the same for a program and for the desk."""

from typing import TYPE_CHECKING

from chalicelib.api.officer_views import (
    ActionOut,
    LaterOut,
    OpenedOut,
    RequestCounts,
    RequestsOut,
    RequestsQuery,
    RequestStanding,
    RightStanding,
)
from chalicelib.domain.privacy.reasons import Opening

if TYPE_CHECKING:
    from chalicelib.domain.privacy.model import Request
    from chalicelib.domain.privacy.notes import OfficerAction


def listed(query: RequestsQuery, who: str) -> RequestsOut:
    """Return a page of the requests that are not over. BadRequest (INVALID_CURSOR)."""
    from chalicelib.domain.privacy import desk  # noqa: PLC0415 - cold start
    from chalicelib.store import cursors  # noqa: PLC0415

    wanted = desk.Wanted(query.waits_for, query.right, query.state, query.language)
    purpose = f"officer/{wanted}/{who}"
    at = cursors.unseal(purpose, query.cursor)
    after = (at["due"], at["id"]) if at else None
    items, last, counts = desk.page(wanted, after, query.limit)
    behind = cursors.seal(purpose, {"due": last[0], "id": last[1]}) if last else None
    shown = [standing(each.id, each.request) for each in items]
    return RequestsOut(counts=RequestCounts(**counts), items=shown, next_cursor=behind)


def opened(ident: str, who: str, reason: Opening) -> OpenedOut:
    """Return the words of a request, whose opening is noted first. NotFound, Conflict (ALREADY_DECIDED)."""
    from chalicelib.domain.privacy import joining, officer  # noqa: PLC0415 - cold start

    file, noted = officer.opened(ident, who, reason)
    person = file.person
    return OpenedOut(
        standing=standing(ident, file.request),
        address=person.addresses[0].text,
        verified=person.addresses[0].verified,
        same_address=joining.open_of_address(person.addresses[0].exact, ident),
        came_by=file.request.origin.way.value,
        text=person.text,
        raw=person.raw,
        replies=[
            LaterOut(text=each.text, came_by=each.way.value, answers_our_mail=each.quotes)
            for each in person.more.values()
        ],
        history=[action(each) for each in noted],
    )


def action(noted: "OfficerAction") -> ActionOut:
    """Return what is shown of something that was done."""
    return ActionOut(
        at=noted.at, by=noted.by, action=noted.action, reason=noted.reason or None, rights=list(noted.rights)
    )


def standing(ident: str, request: "Request") -> RequestStanding:
    """Return how a request stands, without anything of its person."""
    from chalicelib.domain.privacy import desk  # noqa: PLC0415 - cold start

    found = desk.standing(ident, request)
    return RequestStanding(
        id=ident,
        intake=request.intake,
        waits_for=found.waits_for,
        received_at=request.received_at,
        due_at=found.due_at,
        overdue=found.overdue,
        extended=request.extended or None,
        language=request.language,
        unread=request.unread,
        marks=request.marks,
        unknown_mails=request.unknown_mails,
        joined=request.joined,
        rights=[
            RightStanding(
                right=right.kind, state=right.state, reason=right.reason or None, due_at=request.due_of(right)
            )
            for right in request.rights
        ],
    )
