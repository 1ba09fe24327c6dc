"""What our officer does to a request, as its body says it: the same for a program and for the desk. Each returns the request that
it leads to, by its id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.api.http import Call
from chalicelib.api.officer_views import (
    AnswerIn,
    DecisionIn,
    ExtendIn,
    MergeIn,
    PauseIn,
    RerunIn,
    SplitIn,
)
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, Unprocessable
from chalicelib.core.models import Input

if TYPE_CHECKING:
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.privacy.model import Request

Done = tuple[str, "Request"]


@dataclass(frozen=True)
class Action:
    """An action: what its body is, and what it does to the request of that id in the name of somebody."""

    body: type[Input]
    do: Callable[[str, str, Any], Done]


def by(call: Call) -> str:
    """Return who acts, as it is noted: a keyed hash."""
    from chalicelib.vault import tags  # noqa: PLC0415 - cold start

    return str(tags.platform_digest("officer", f"{call.who.issuer}\0{call.who.subject}"))


def _decision(ident: str, who: str, body: DecisionIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return ident, officer.decide(ident, who, body.decision, body.reason, body.rights or (), body.text.strip())


def _answer(ident: str, who: str, body: AnswerIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return ident, officer.answer(ident, who, body.text, body.rights or ())


def _extend(ident: str, who: str, body: ExtendIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return ident, officer.extend(ident, who, body.reason)


def _pause(ident: str, who: str, body: PauseIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return ident, officer.pause(ident, who, body.rights or (), paused=body.paused)


def _rerun(ident: str, who: str, _body: RerunIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return ident, officer.rerun(ident, who)


def _merge(ident: str, who: str, body: MergeIn) -> Done:
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    return body.into, officer.merge(ident, who, body.into)


def _split(ident: str, who: str, body: SplitIn) -> Done:
    from chalicelib.domain.privacy import splitting  # noqa: PLC0415 - cold start

    return splitting.split(ident, who, body.rights, _address(body.about) if body.about else None)


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "decision": Action(DecisionIn, _decision),
        "answer": Action(AnswerIn, _answer),
        "extend": Action(ExtendIn, _extend),
        "pause": Action(PauseIn, _pause),
        "rerun": Action(RerunIn, _rerun),
        "merge": Action(MergeIn, _merge),
        "split": Action(SplitIn, _split),
    }
)


def _address(text: str) -> "EmailAddress":
    from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier  # noqa: PLC0415 - cold start

    try:
        return EmailAddress.parse(text, historic=True)
    except InvalidIdentifier as error:
        wrong = FieldError("about", FieldCode.NOT_AN_ADDRESS, "This is not an e-mail address.")
        raise Unprocessable([wrong]) from error
