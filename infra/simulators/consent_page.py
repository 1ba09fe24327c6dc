"""The page on which a simulated provider asks its user for consent, and the way back to the app; it works without script.

The form comes back to `action` as `answer` (allow or deny), `account` and a `scope` for each box that is ticked.
"""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from infra.loopback import Said

Choice = tuple[str, str]  # what the form sends, and what the user reads

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - simulated {provider}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
fieldset{{border:1px solid #999;border-radius:.4rem;margin:1rem 0;padding:.4rem 1rem .8rem}}
label{{display:block;margin:.3rem 0}}code{{font-size:.8em;color:#555;display:block;margin-left:1.6rem;overflow-wrap:anywhere}}
button{{font:inherit;padding:.6rem 1.4rem;margin:.3rem .6rem .3rem 0}}</style></head>
<body><main><p>Simulated {provider}: nobody real is asked.</p><h1>{title}</h1>{content}</main></body></html>
"""


def page(
    *,
    provider: str,
    app: str,
    action: str,
    always: Sequence[Choice],
    boxes: Sequence[Choice] = (),
    accounts: Sequence[Choice] = (),
    chosen: str = "",
) -> Said:
    """Who asks for what. `always` is given with any yes; of `boxes`, ticked at first, the user may refuse each. `action` is the
    path, with its query, that the form goes to; `chosen` the account that is picked at first."""
    first = chosen if chosen in [value for value, _ in accounts] else next((value for value, _ in accounts), "")
    picked = [_radio(value, text, checked=value == first) for value, text in accounts]
    content = [f"<p>{escape(app)} asks for access to your {escape(provider)} account.</p>"]
    content.append(f'<form method="post" action="{escape(action)}">')
    content += _group("Your account", picked)
    content += _group("It will be able to", [_line(scope, text) for scope, text in always])
    content += _group("It asks to be able to; untick what you refuse", [_box(scope, text) for scope, text in boxes])
    content.append('<button type="submit" name="answer" value="allow">Allow</button>')
    content.append('<button type="submit" name="answer" value="deny">Deny</button></form>')
    return _html(200, provider, f"{app} wants access", "\n".join(content))


def refusal(provider: str, code: str, text: str, status: int = 400) -> Said:
    """The page for a request that must not be sent back to where it says: `code` is the provider's word for the error."""
    content = f"<p>Error {status}: <b>{escape(code)}</b></p><p>{escape(text)}</p>"
    return _html(status, provider, "Access blocked", content)


def back(redirect_uri: str, fields: Mapping[str, str]) -> Said:
    """To the app again, with the fields that are not empty in the query."""
    told = urlencode({name: value for name, value in fields.items() if value})
    return Said(303, b"", {"Location": redirect_uri + ("&" if "?" in redirect_uri else "?") + told})


def _html(status: int, provider: str, title: str, content: str) -> Said:
    shown = _PAGE.format(title=escape(title), provider=escape(provider), content=content)
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Said(status, shown.encode(), headers)


def _group(legend: str, lines: Sequence[str]) -> list[str]:
    return [f"<fieldset><legend>{legend}</legend>", *lines, "</fieldset>"] if lines else []


def _radio(value: str, text: str, *, checked: bool) -> str:
    ticked = " checked" if checked else ""
    return f'<label><input type="radio" name="account" value="{escape(value)}"{ticked}> {escape(text)}</label>'


def _line(scope: str, text: str) -> str:
    return f"<label>{escape(text)}<code>{escape(scope)}</code></label>"


def _box(scope: str, text: str) -> str:
    box = f'<input type="checkbox" name="scope" value="{escape(scope)}" checked>'
    return f"<label>{box} {escape(text)}<code>{escape(scope)}</code></label>"
