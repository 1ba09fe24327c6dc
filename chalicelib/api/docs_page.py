"""The reference page: plain HTML from the OpenAPI document, without scripts, fonts or anything else from elsewhere."""

import json
from html import escape
from typing import Any

STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
html{background:#fff;color:#1b2733}a{color:#0b5a4a}
@media(prefers-color-scheme:dark){html{background:#12161b;color:#e8ebee}a{color:#7fd3bf}}
*{overflow-wrap:anywhere}nav{display:flex;flex-wrap:wrap}
body{font:16px/1.55 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem}
h1{font-size:1.7rem}h2{margin-top:2.2rem;border-bottom:1px solid var(--line);text-transform:capitalize}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.2rem .8rem}
summary{cursor:pointer;padding:.4rem 0}code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.8rem;border-radius:.4rem;overflow:auto}
.m{display:inline-block;min-width:4.2rem;font-weight:700}nav a{margin-right:1rem}
a:focus-visible,summary:focus-visible{outline:3px solid #06c;outline-offset:2px}
table{border-collapse:collapse}td,th{border-bottom:1px solid var(--line);padding:.25rem .8rem .25rem 0;text-align:left}
"""


def render(document: dict[str, Any]) -> str:
    """Return the reference page, in English, usable with a keyboard and a screen reader."""
    groups: dict[str, list[str]] = {}
    answers = document["components"]["responses"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, answers))
    links = "".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in groups)
    sections = "".join(
        f'<section><h2 id="{escape(name)}">{escape(name)}</h2>{"".join(parts)}</section>'
        for name, parts in groups.items()
    )
    schemas = "".join(
        f'<details id="schema-{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f'<pre tabindex="0">{escape(json.dumps(shape, indent=2))}</pre></details>'
        for name, shape in sorted(document["components"]["schemas"].items())
    )
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} API</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body><header><h1>{title} API</h1>"
        f'<p>{escape(document["info"]["description"])} As data: <a href="/openapi.json">/openapi.json</a>. '
        "Errors are <code>application/problem+json</code> with a stable <code>code</code>; lists take "
        "<code>limit</code> and <code>cursor</code>.</p>"
        f'<nav aria-label="Groups">{links}<a href="#schemas">schemas</a></nav></header><main>{sections}'
        f'<section><h2 id="schemas">Schemas</h2>{schemas}</section></main></body></html>'
    )


def _operation(path: str, method: str, operation: dict[str, Any], shared: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td>"
        f"<td>{'required' if p['required'] else 'optional'}</td></tr>"
        for p in operation["parameters"]
    )
    table = f"<table><thead><tr><th>parameter</th><th>in</th><th>needed</th></tr></thead>{rows}</table>" if rows else ""
    body = "".join(
        f"<p>Body: <code>{escape(kind)}</code> {_link(content['schema'])}</p>"
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    )
    answers = "".join(
        _answer(status, shared[answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer)
        for status, answer in operation["responses"].items()
    )
    text = "".join(f"<p>{escape(part)}</p>" for part in operation["description"].split("\n\n"))
    access = "" if operation["security"] else " (public)"
    return (
        f'<details><summary><span class="m">{method.upper()}</span> <code>{escape(path)}</code>{access}: '
        f"{escape(operation['summary'])}</summary>{text}{table}{body}<ul>{answers}</ul></details>"
    )


def _answer(status: str, answer: dict[str, Any]) -> str:
    links = " ".join(_link(content["schema"]) for content in answer.get("content", {}).values())
    told = "<br>".join(escape(line.removeprefix("- ")) for line in answer["description"].split("\n"))
    return f"<li><code>{escape(status)}</code> {told} {links}</li>"


def _link(schema: dict[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    return f'<a href="#schema-{escape(name)}">{escape(name)}</a>' if name else ""
