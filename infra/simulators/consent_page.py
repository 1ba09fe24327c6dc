"""The page on which a simulated provider asks its user for consent, and the way back to the app; it works without script.

The form comes back to `action` as `answer` (allow or deny), `account` and a `scope` for each box that is ticked.
"""

import functools
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Response
from jinja2 import Environment, Template

from infra.simulators.replies import reply

Choice = tuple[str, str]  # what the form sends, and what the user reads

_LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} - simulated {{ provider }}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}
fieldset{border:1px solid #999;border-radius:.4rem;margin:1rem 0;padding:.4rem 1rem .8rem}
label{display:block;margin:.3rem 0}code{font-size:.8em;color:#555;display:block;margin-left:1.6rem;overflow-wrap:anywhere}
button{font:inherit;padding:.6rem 1.4rem;margin:.3rem .6rem .3rem 0}</style></head>
<body><main><p>Simulated {{ provider }}: nobody real is asked.</p><h1>{{ title }}</h1>CONTENT</main></body></html>
"""
_FORM = """<p>{{ app }} asks for access to your {{ provider }} account.</p>
<form method="post" action="{{ action }}">
{% if accounts %}<fieldset><legend>Your account</legend>
{% for value, text in accounts %}<label><input type="radio" name="account" value="{{ value }}"
{{- " checked" if value == first }}> {{ text }}</label>
{% endfor %}</fieldset>{% endif %}
{% if always %}<fieldset><legend>It will be able to</legend>
{% for scope, text in always %}<label>{{ text }}<code>{{ scope }}</code></label>
{% endfor %}</fieldset>{% endif %}
{% if boxes %}<fieldset><legend>It asks to be able to; untick what you refuse</legend>
{% for scope, text in boxes %}<label><input type="checkbox" name="scope" value="{{ scope }}" checked> {{ text }}
<code>{{ scope }}</code></label>
{% endfor %}</fieldset>{% endif %}
<button type="submit" name="answer" value="allow">Allow</button>
<button type="submit" name="answer" value="deny">Deny</button></form>"""
_REFUSAL = "<p>Error {{ status }}: <b>{{ code }}</b></p><p>{{ text }}</p>"


def page(
    *,
    provider: str,
    app: str,
    action: str,
    always: Sequence[Choice],
    boxes: Sequence[Choice] = (),
    accounts: Sequence[Choice] = (),
    chosen: str = "",
) -> Response:
    """Return the page that says who asks for what. `always` is given with any yes; of `boxes`, ticked at first, the user may
    refuse each. The form goes to `action`, a path with its query; `chosen` is the account that is picked at first."""
    values = [value for value, _ in accounts]
    first = chosen if chosen in values else next(iter(values), "")
    told: dict[str, object] = {"app": app, "action": action, "accounts": accounts, "first": first}
    told |= {"provider": provider, "title": f"{app} wants access", "always": always, "boxes": boxes}
    return html(_FORM, told)


def refusal(provider: str, code: str, text: str, status: int = 400) -> Response:
    """Return the page for a request that must not be sent back to where it says: `code` is the provider's word."""
    told = {"provider": provider, "title": "Access blocked", "code": code, "text": text, "status": status}
    return html(_REFUSAL, told, status)


def back(redirect_uri: str, fields: Mapping[str, str]) -> Response:
    """Return the way to the app again, with the fields that are not empty in the query."""
    told = urlencode({name: value for name, value in fields.items() if value})
    return reply(303, b"", {"Location": redirect_uri + ("&" if "?" in redirect_uri else "?") + told})


def html(content: str, told: Mapping[str, object], status: int = 200) -> Response:
    """Return a page with this content, a template; `told` has `provider` and `title` too."""
    shown = _compiled(content).render(told).encode()
    return reply(status, shown, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


@functools.cache
def _compiled(content: str) -> Template:
    return Environment(autoescape=True).from_string(_LAYOUT.replace("CONTENT", content))
