"""Pages: a text of the catalogue's table `page`, laid out by a template. HTML that fetches nothing, and works without scripts.

A page has the template of its own name, else `message.html`, a title and a paragraph. All extend `base.html`, and are made of the
parts in `parts.html`. How to add one: CONTRIBUTING.md, "A page".
"""

import functools
from pathlib import Path
from typing import Any

from chalicelib.core import languages
from chalicelib.texts.catalogues import LANGUAGES, PERSONS, TextMissing, answering, catalogue
from chalicelib.texts.render import audience_of

_TEMPLATES = Path(__file__).parent / "templates"


def page(name: str, language: str, **values: Any) -> str:
    """Return the page `name` with its values escaped. TextMissing if a value that the template uses is missing."""
    import jinja2  # noqa: PLC0415 - cold start

    audience = audience_of("page", name)
    spoken = answering(language, audience)
    # The address of a consent does not open again in another language.
    own = "once.html" if name.startswith("consent_") else f"{name}.html"
    try:
        rendered = (
            _environment()
            .select_template((own, "message.html"))
            .render(
                language=spoken,
                languages=LANGUAGES[audience],
                names=languages.OWN_NAMES,
                site=catalogue(PERSONS, spoken)["page"],
                style=style(),
                t=catalogue(audience, spoken)["page"][name],
                **values,
            )
        )
    except (jinja2.UndefinedError, KeyError) as error:
        raise TextMissing(name) from error
    return str(rendered)


def desk(name: str, **values: Any) -> str:
    """Return the page `name` of our officer's desk, which is in English alone, with its values escaped. TextMissing as above."""
    import jinja2  # noqa: PLC0415 - cold start

    try:
        template = _environment().get_template(f"desk/{name}.html")
        return str(template.render(language="en", site=catalogue(PERSONS, "en")["page"], style=style(), **values))
    except (jinja2.UndefinedError, KeyError) as error:
        raise TextMissing(name) from error


@functools.cache
def style() -> str:
    """Return the stylesheet of all pages, which stands in each: what is fetched from nowhere tells nobody."""
    return (_TEMPLATES / "style.css").read_text("utf-8")


@functools.cache
def script(name: str) -> str:
    """Return the script of a page that has one."""
    return (_TEMPLATES / f"{name}.js").read_text("utf-8")


@functools.cache
def _environment() -> Any:
    import jinja2  # noqa: PLC0415 - cold start

    class Environment(jinja2.Environment):
        """Where a dict has a text of that name, `t.keys` is the text, and not what every dict can do."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, dict) and attribute in obj:
                return obj[attribute]
            return super().getattr(obj, attribute)

    return Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined)
