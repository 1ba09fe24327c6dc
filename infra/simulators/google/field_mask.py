"""The `fields` parameter: https://developers.google.com/workspace/gmail/api/guides/performance#partial

`a,b` chooses two fields, `a/b` one within another, `a(b,c)` several within another, `a/*` all; lists are walked through.
"""

import re
from typing import Any

Mask = dict[str, "Mask"]  # a name whose mask is empty is chosen whole
_TOKEN = re.compile(r"\s*([A-Za-z0-9_.*-]+|[,/()])")


def chosen(document: Any, text: str) -> Any:
    """What the mask leaves of a document. ValueError where the mask is none."""
    return _cut(document, _parsed(text))


def _parsed(text: str) -> Mask:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"Invalid field selection {text}")
        tokens.append(found[1])
        at = found.end()
    mask = _list(tokens)
    if tokens or not mask:
        raise ValueError(f"Invalid field selection {text}")
    return mask


def _list(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while True:
        _item(tokens, mask)
        if not tokens or tokens[0] != ",":
            return mask
        tokens.pop(0)


def _item(tokens: list[str], mask: Mask) -> None:
    if not tokens or tokens[0] in ",/()":
        raise ValueError("Invalid field selection")
    within = mask.setdefault(tokens.pop(0), {})
    if tokens and tokens[0] == "/":
        tokens.pop(0)
        _item(tokens, within)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        within.update(_list(tokens))
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("Invalid field selection")


def _cut(value: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_cut(each, mask) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _cut(value[name], within) for name, within in mask.items() if name in value}
