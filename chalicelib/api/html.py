"""Pages for persons: rendered in their language, and errors in plain words."""

import re
from collections.abc import Sequence
from typing import Any

from chalicelib.api.http import Call, Reply, View
from chalicelib.api.page_headers import page_headers
from chalicelib.core import languages, log, settings
from chalicelib.core.errors import BadRequest, Gone, IkoError, NotFound, TooLarge, TooManyRequests

_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*$", re.ASCII)


def page(name: str, in_language: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Reply:
    """Return the page `name` of the catalogue with these values, and with whose page it is."""
    from chalicelib.texts import pages  # noqa: PLC0415 - cold start

    here = settings.current()
    ours = {"controller": here.controller_name, "privacy_address": here.privacy_address}
    body = pages.page(name, in_language, **(ours | values))
    return Reply(
        body, status=status, headers={**page_headers(pages.style(), values.get("script", "")), **(headers or {})}
    )


def language(call: Call, otherwise: str = "", ours: Sequence[str] = languages.OF_PERSONS) -> str:
    """Return the language that the address names, else `otherwise`, else the one of ours that the browser wants most."""
    asked = call.raw_query.get("lang", "")
    if asked in ours:
        return asked
    if otherwise:
        return otherwise
    wanted = call.headers.get("accept-language", "").split(",")
    for part in sorted(wanted, key=_weight, reverse=True):
        code = part.partition(";")[0].partition("-")[0].strip().lower()
        if code in ours and _weight(part):
            return code
    return "en"


def _weight(wanted: str) -> float:
    """How much a language is wanted (RFC 9110, 12.4.2)."""
    found = _WEIGHT.search(wanted)
    return float(found[1]) if found else 1.0


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
