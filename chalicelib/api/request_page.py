"""The page of a request: how far each right is, what has happened, and what the certificate of an erasure says."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.api.html import page
from chalicelib.api.http import Reply
from chalicelib.core import clock, settings
from chalicelib.domain.certificates import issue
from chalicelib.domain.privacy import verification
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.states import Intake
from chalicelib.texts import catalogues, render


def shown(opened: verification.Opened, spoken: str) -> Reply:
    """Return the page of a request in that language."""
    request = opened.payload
    certificate_id, owed_by = request.certificate_id, request.owed_by
    statement = issue.statement(certificate_id) if certificate_id else None
    salt = ""
    if "closed" in request.unknown_mails:
        # Whether the last mail was sent is not known: what it said can be read here.
        salt = verification.person_of(opened.request).unsealed(PersonPayload).salt
    return page(
        "status",
        spoken,
        answers=[(str(right.kind), str(right.state)) for right in request.rights],
        due=render.day(owed_by or request.due_at, spoken),
        left=_left(request, spoken),
        timeline=_timeline(request, statement, spoken),
        stated=_stated(statement, spoken) if statement else None,
        certificate_url=f"{settings.current().public_url}/certificates/{certificate_id}" if certificate_id else "",
        salt=salt,
    )


def _left(request: Request, spoken: str) -> str:
    """In how many days we answer, in words; empty where nothing is to be answered, or was to be before today."""
    until = None if request.ended else request.owed_by or request.due_at
    days = (until.date() - clock.now().date()).days if until else -1
    return catalogues.counted("page.status.left", days, spoken) if days >= 0 else ""


def _timeline(request: Request, statement: dict[str, Any] | None, spoken: str) -> list[tuple[str, str]]:
    """What happened, by the names of its texts, each with its day; without one what goes on or is waited for."""
    happened = [("step_received", request.received_at), ("step_confirmed", request.confirmed_at)]
    erasure = request.erasure
    if erasure is not None:
        happened.append(("step_deleted", erasure.erasing.deleted_at))
    if statement is not None:
        happened.append(("step_certified", datetime.fromtimestamp(statement["iat"], UTC)))
    told = [(name, render.day(at, spoken)) for name, at in happened if at is not None]
    if request.intake is Intake.AWAITING_CONFIRMATION:
        return [*told, (str(request.intake), "")]
    return [*told, (str(erasure.state), "")] if erasure is not None and not erasure.state.final else told


def _stated(statement: dict[str, Any], spoken: str) -> dict[str, str]:
    days = {at: clock.parse_rfc3339(statement[at]) for at in ("live_deleted_at", "backups_expire_at")}
    said = {at: render.day(day, spoken) for at, day in days.items()}
    return {"counts": render.counts(spoken, statement["deleted"]), **said}
