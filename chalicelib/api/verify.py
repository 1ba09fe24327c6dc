"""The page on which a browser checks a certificate by itself."""

import json

from chalice import Blueprint

from chalicelib.api.html import language, page, paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.languages import PersonsLanguage
from chalicelib.core.models import Input, Omittable

bp = Blueprint(__name__)


class VerifyQuery(Input):
    """`lang`: the language of the page; by default the browser's."""

    lang: Omittable[PersonsLanguage] = None


@route(bp, "GET", "/verify", auth="public", html=True, query=VerifyQuery)
@paged
def read_verify(call: Call) -> Reply:
    """Show the page that checks a certificate: its signature, and whose address it means. It sends and fetches nothing, and has
    our public keys in it, so that it works without a network once it is open."""
    from chalicelib.domain.certificates import issue  # noqa: PLC0415 - cold start
    from chalicelib.texts import pages, render  # noqa: PLC0415

    spoken = language(call)
    return page(
        "verify",
        spoken,
        script=pages.script("verify"),
        keys=json.dumps(issue.public_keys(), indent=1),
        counts=render.count_texts(spoken),
        nothing=render.counts(spoken, {}),
    )
