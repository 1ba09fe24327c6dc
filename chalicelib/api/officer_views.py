"""What the privacy officer's routes take and show."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.core.written import LINES, ONE_LINE
from chalicelib.domain.privacy.reasons import Decision, Extension, Opening
from chalicelib.domain.privacy.states import Intake, RightKind, RightState, Waiting

_LONGEST_TEXT = 10_000  # characters of an answer
Rights = Omittable[Annotated[list[RightKind], Field(min_length=1, max_length=20)]]


class RequestsQuery(pagination.ListQuery):
    """`waits_for`: only what waits for the officer, for the person, or for our own due work. `right`, `state`: only requests with
    that right, in that state. `language`: only those that are answered, or were written, in it."""

    waits_for: Omittable[Waiting] = None
    right: Omittable[RightKind] = None
    state: Omittable[RightState] = None
    language: Omittable[Annotated[str, Field(max_length=10), ONE_LINE]] = None


class RightStanding(Model):
    """How far one right is. `due_at` is what is left after pauses so far; its clock stands while the state is needs_more."""

    right: RightKind
    state: RightState
    reason: str | None = None
    due_at: Time


class RequestStanding(Model):
    """A request without anything of the person. `extended`: why its month became three. `unknown_mails`: mails that may never
    have been sent; POST …/rerun sends them again. `joined`: how many more letters of the
    address said the same, beyond what a day answers. `unread`: what was not read of the mail; `marks`: why a
    person has to read it."""

    id: str
    intake: Intake
    waits_for: Waiting
    received_at: Time
    due_at: Time
    overdue: bool
    extended: str | None = None
    language: str
    unread: list[str]
    marks: list[str]
    unknown_mails: list[str]
    joined: int
    rights: list[RightStanding]


class RequestCounts(Model):
    """Of all requests that are not over."""

    all: int
    overdue: int
    officer: int
    person: int
    machine: int


class RequestsOut(Model):
    """The most urgent first."""

    counts: RequestCounts
    items: list[RequestStanding]
    next_cursor: str | None


class OpenIn(Input):
    reason: Opening


class ActionOut(Model):
    """What was done to the request before; `by` is a keyed hash of who did it."""

    at: Time
    by: str
    action: str
    reason: str | None = None
    rights: list[RightKind]


class LaterOut(Model):
    """A later mail or form. `came_by` as of the request. `answers_our_mail`: it names what only our mail to the person says."""

    text: str
    came_by: Literal["form", "proven", "unproven"]
    answers_our_mail: bool


class OpenedOut(Model):
    """The words of one request. `raw`: the beginning of the mail in base64, where a part of it was not read. `replies`: what came
    later. `address`: where it came from, and whether that is proved. `came_by`: a form of the privacy page, a
    mail whose From is proven (DMARC), or any other mail. `same_address`: ids of other open requests from it, to merge with."""

    standing: RequestStanding
    address: str
    verified: bool
    came_by: Literal["form", "proven", "unproven"]
    same_address: list[str]
    text: str
    raw: str
    replies: list[LaterOut]
    history: list[ActionOut]


class DecisionIn(Input):
    """`reason`: verified takes wrote_from_address (where a mail came provably), answered_our_mail (if one does) or other_proof;
    needs_more takes identity, unclear, which_data or about_whom; refused takes identity_unproven, no_authority,
    manifestly_unfounded, excessive, others_rights, legal_obligation, legal_claims, compelling_grounds, accurate or
    not_applicable; no_request takes spam, misdirected or nothing_asked, is of all, and mails nothing. `rights`: which, else
    all that wait for it. `text`: what the mail says besides, in the person's language."""

    decision: Decision
    reason: Annotated[str, Field(max_length=100), ONE_LINE]
    rights: Rights = None
    text: Annotated[str, Field(max_length=_LONGEST_TEXT), LINES] = ""


class AnswerIn(Input):
    """`text`: the answer, in the person's language. It is mailed once, and closes the rights."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_TEXT, strip_whitespace=True), LINES]
    rights: Rights = None


class ExtendIn(Input):
    reason: Extension


class PauseIn(Input):
    """`paused` false: the person has answered, and the clock goes on."""

    paused: bool = True
    rights: Rights = None


class MergeIn(Input):
    """`into`: the id of another open request that came from the same address."""

    into: Annotated[str, Field(max_length=100), ONE_LINE]


class SplitIn(Input):
    """`rights`: which become a request of their own. `about`: the address of somebody else whom the letter is about as well; the
    rights are then that person's, and the first request keeps its own."""

    rights: Annotated[list[RightKind], Field(min_length=1, max_length=20)]
    about: Omittable[Annotated[str, Field(max_length=320), ONE_LINE]] = None


class RerunIn(Input):
    """Nothing is to be said."""
