"""What a mail or a page makes its reader's program fetch, and where its links go, read as such a program reads it."""

import re
from html import unescape
from html.parser import HTMLParser

_FETCHED = {
    "src",
    "srcset",
    "background",
    "poster",
    "data",
    "lowsrc",
    "longdesc",
    "manifest",
    "ping",
    "xlink:href",
    "icon",
}
_PROGRAMS = {"script", "iframe", "object", "embed", "applet", "frame", "base"}
_STYLED = re.compile(r"url\s*\(|@import|image-set|src\s*:", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b[a-z][a-z0-9+.-]*://[^\s"'<>]+""", re.IGNORECASE)


class Markup(HTMLParser):
    """`fetched`: whatever is loaded, run, or told somebody without the reader's doing. `links` and `forms`: where they go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.forms: list[str] = []
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.tags.add(tag)
        if tag in _PROGRAMS:
            self.fetched.append(tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_data(self, data: str) -> None:
        if self._within == "style" and _STYLED.search(data):
            self.fetched.append("style")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class's
        self._within = ""

    def _attribute(self, tag: str, name: str, value: str) -> None:
        refresh = tag == "meta" and name == "http-equiv"
        if name in _FETCHED or refresh or name.startswith("on") or (name == "style" and _STYLED.search(value)):
            self.fetched.append(f"{tag} {name}={value}")
        elif name == "href":
            (self.links if tag in ("a", "area") else self.fetched).append(value)
        elif name in ("action", "formaction"):
            self.forms.append(value)


def addresses(text: str) -> list[str]:
    """Every address with a scheme in a plain text."""
    return _ADDRESS.findall(text)


def first_form(page: str) -> dict[str, str]:
    """The hidden fields of the page's first form, which its button sends."""
    form = re.search(r"<form\b.*?</form>", page, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[0]) if form else []
    return {name: unescape(value) for name, value in hidden}
