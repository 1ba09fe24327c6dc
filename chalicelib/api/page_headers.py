"""The headers of every page: what a browser may run, fetch and tell of it, which is nothing but our own style."""

import base64
import functools
import hashlib


@functools.cache
def page_headers(style: str, script: str = "") -> dict[str, str]:
    """Return the headers of a page that has this stylesheet, and this script, between its tags. Both are allowed by their
    digests; nothing else is, whatever gets into the page."""
    scripts = f"script-src {_digest(script)}; " if script else ""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"default-src 'none'; style-src {_digest(style)}; {scripts}form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
    }


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
