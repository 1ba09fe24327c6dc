"""How the OpenAPI document lists stable words: each with its meaning, from the one list of core/codes."""

from itertools import chain

from pydantic import WithJsonSchema

from chalicelib.core.codes import Told


def listed(*kinds: type[Told]) -> WithJsonSchema:
    """Return the schema of a text that is one of these words. New ones may come."""
    told = {str(each): each.meaning for each in chain.from_iterable(kinds)}
    lines = "\n".join(f"- `{word}`: {meaning}" for word, meaning in told.items())
    return WithJsonSchema({"type": "string", "enum": list(told), "description": lines})
