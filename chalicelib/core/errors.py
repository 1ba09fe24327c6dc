"""The errors that the product speaks of. Each has a stable code and a public sentence; neither ever holds personal data.

`api` turns them into problem+json (RFC 9457) or a page, `jobs` into a retry or a dead letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.core.codes import Code, FieldCode


@dataclass(frozen=True)
class FieldError:
    """One invalid field of the input: its name, as `emails.0` or `query.limit`, a stable code, a sentence without the value.

    `suggestion` is the field that may be meant. `pointer` is the place in the body (RFC 6901), made of `field` where none is
    given; a parameter of the query has none.
    """

    field: str
    code: FieldCode
    message: str
    suggestion: str = ""
    pointer: str | None = None

    def as_parameter(self) -> "FieldError":
        """Return the error as one of a query's parameter."""
        return replace(self, field=f"query.{self.field}", pointer=None)

    def as_dict(self) -> dict[str, str]:
        """Return what a client is told."""
        told = {"field": self.field, "code": str(self.code), "message": self.message}
        if self.field.startswith("query."):
            told["parameter"] = self.field.removeprefix("query.")
        elif self.pointer is not None:
            told["pointer"] = self.pointer
        else:
            told["pointer"] = "" if self.field == "body" else "/" + self.field.replace(".", "/")
        return {**told, "suggestion": self.suggestion} if self.suggestion else told


class IkoError(Exception):
    """Base of every named failure. `detail` is fixed text of ours, never a value that somebody sent."""

    code: Code = Code.INTERNAL_ERROR
    status: int = 500
    title: str = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, code: Code | None = None) -> None:
        super().__init__(code or self.code)
        self.detail = detail
        if code is not None:
            self.code = code


class BadRequest(IkoError):
    code, status, title = Code.BAD_REQUEST, 400, "The request cannot be read"


class Unauthenticated(IkoError):
    code, status, title = Code.UNAUTHENTICATED, 401, "A valid bearer token is required"


class StaleSignIn(Unauthenticated):
    """What was asked for needs a sign-in not older than `max_age` seconds (RFC 9470)."""

    code, title = Code.FRESH_SIGN_IN_REQUIRED, "Sign in again to do this"

    def __init__(self, max_age: int) -> None:
        super().__init__(f"You must have signed in within the last {max_age // 60} minutes.")
        self.max_age = max_age


class Forbidden(IkoError):
    code, status, title = Code.FORBIDDEN, 403, "You may not do this"


class OwnerOnly(Forbidden):
    code, title = Code.OWNER_ONLY, "Only an owner of the workspace may do this"


class NotFound(IkoError):
    """Unknown, another tenant's, or a colleague's private resource: all the same to the caller."""

    code, status, title = Code.NOT_FOUND, 404, "Not found"


class Conflict(IkoError):
    code, status, title = Code.CONFLICT, 409, "The request conflicts with the current state"


class AddressNotStorable(Conflict):
    """Erased, role or otherwise blocked address: one answer for all, so that no code tells that somebody was erased."""

    code, title = Code.ADDRESS_NOT_STORABLE, "This address cannot be stored"


class AlreadyThere(Conflict):
    """The caller has this already, as the resource `id`."""

    code, title = Code.ALREADY_THERE, "You have this already"

    def __init__(self, id: str, detail: str = "") -> None:  # noqa: A002 - as the answer calls it
        super().__init__(detail or "Change the one that is there, or send it with ?merge=true to bring both together.")
        self.id = id


class Gone(IkoError):
    code, status, title = Code.GONE, 410, "This no longer exists"


class PreconditionFailed(IkoError):
    code, status, title = Code.PRECONDITION_FAILED, 412, "The resource has changed since you read it"


class TooLarge(IkoError):
    code, status, title = Code.TOO_LARGE, 413, "The request body is too large"


class UnsupportedMediaType(IkoError):
    code, status, title = Code.UNSUPPORTED_MEDIA_TYPE, 415, "This content type is not supported here"


class Unprocessable(IkoError):
    code, status, title = Code.INVALID, 422, "Some fields are invalid"

    def __init__(self, errors: Sequence[FieldError] = (), detail: str = "", *, code: Code | None = None) -> None:
        super().__init__(detail, code=code)
        self.errors = tuple(errors)


class TooManyRequests(IkoError):
    """`retry_after` in seconds; `limit` requests in a window of `window` seconds."""

    code, status, title = Code.TOO_MANY_REQUESTS, 429, "Too many requests"

    def __init__(self, retry_after: int, limit: int = 0, window: int = 0, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after, self.limit, self.window = retry_after, limit, window


class TooManyProfiles(TooManyRequests):
    """The directory has shown a member as many profiles of a day as it may."""

    code = Code.TOO_MANY_PROFILES


class Unavailable(IkoError):
    """A service that we need did not answer; trying again later is right."""

    code, status, title = Code.UNAVAILABLE, 503, "A service that we depend on is not responding"


class SealBroken(IkoError):
    """A ciphertext does not open, or was sealed for another item. Never carries the content."""

    code = Code.SEAL_BROKEN


class KeyShredded(IkoError):
    """The scope's keys were shredded, or never made: its sealed data cannot be read any more."""

    code = Code.KEY_SHREDDED


class VersionConflict(IkoError):
    """A conditional write met another version than expected."""

    code = Code.VERSION_CONFLICT
