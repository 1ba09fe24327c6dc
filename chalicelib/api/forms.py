"""Forms that browsers send: urlencoded, in UTF-8, and no larger than a page's."""

import hashlib
from collections.abc import Callable
from urllib.parse import parse_qs

from chalicelib.api.http import Call
from chalicelib.core.codes import Code
from chalicelib.core.errors import BadRequest, TooLarge
from chalicelib.core.models import Model

_MAX_FORM = 65_536  # bytes: a page's longest text in percent signs, and the rest


class ButtonForm(Model):
    """`confirm`: what the page's button sends; without it nothing happens."""

    confirm: str = ""


def fields(call: Call) -> Callable[[str], str]:
    """Return what gives the fields of an urlencoded body by their names, without spaces around. BadRequest for what is none in
    UTF-8, within the percent signs too; TooLarge."""
    if len(call.raw_body) > _MAX_FORM:
        raise TooLarge
    try:
        found = parse_qs(call.raw_body.decode("utf-8"), max_num_fields=50, errors="strict")
    except ValueError as error:
        raise BadRequest("The body is not a form in UTF-8.", code=Code.INVALID_FORM) from error
    return lambda name: found.get(name, [""])[0].strip()


def button_value(token: str, purpose: str = "confirm") -> str:
    """Return what the button of a link's page sends, another for each purpose: one that is pressed twice begins nothing else.
    Scanners that post to links without having read the form do not know it."""
    return hashlib.sha256(f"{purpose} {token}".encode()).hexdigest()[:32]


def pressed(call: Call) -> bool:
    """Return whether a form of a ButtonForm has the value of the page behind its link. Errors as `fields`."""
    return fields(call)("confirm") == button_value(call.path["token"])
