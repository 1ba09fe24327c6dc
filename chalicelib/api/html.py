"""Pages for persons: rendered in their language, and errors in plain words."""

from collections.abc import Sequence
from typing import Any

from chalicelib.api.http import Call, Reply, View
from chalicelib.api.page_headers import page_headers
from chalicelib.core import languages, log, settings
from chalicelib.core.errors import BadRequest, Gone, IkoError, NotFound, TooLarge, TooManyRequests


def page(name: str, in_language: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Reply:
    """Return the page `name` of the catalogue with these values, and with whose page it is."""
    from chalicelib.texts import pages  # noqa: PLC0415 - cold start

    here = settings.current()
    ours = {"controller": here.controller_name, "privacy_address": here.privacy_address}
    body = pages.page(name, in_language, **(ours | values))
    return Reply(body, status=status, headers={**page_headers(pages.style()), **(headers or {})})


def language(call: Call, otherwise: str = "", ours: Sequence[str] = languages.OF_PERSONS) -> str:
    """Return the language that the address names, else `otherwise`, else the browser's first choice of ours."""
    asked = call.raw_query.get("lang", "")
    if asked in ours:
        return asked
    if otherwise:
        return otherwise
    for part in call.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].partition("-")[0].strip().lower()
        if code in ours:
            return code
    return "en"


def paged(view: View) -> View:
    """Return the view with its errors shown as pages in plain words. Their statuses stay what a machine understands."""

    def shown(call: Call) -> Reply:
        try:
            return view(call)
        except TooManyRequests as error:
            return page("too_many", language(call), 429, {"Retry-After": str(error.retry_after)})
        except NotFound:
            return page("link_invalid", language(call), 404)
        except Gone:
            return page("link_expired", language(call), 410)
        except (BadRequest, TooLarge) as error:
            return page("unreadable", language(call), error.status)
        except IkoError as error:
            log.failure("page_failed", error, route=call.endpoint.path)
            return page("error", language(call), 500)

    shown.__name__, shown.__doc__ = view.__name__, view.__doc__
    return shown
