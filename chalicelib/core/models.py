"""The bases of every model that crosses a border: checked when made, built when first used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, PlainSerializer, WithJsonSchema

from chalicelib.core import clock
from chalicelib.core.codes import FieldCode

T = TypeVar("T")


class Model(BaseModel):
    """Building validators takes most of a cold start, and a request needs few of them: each is built at its first use."""

    model_config = ConfigDict(defer_build=True)


class Input(Model):
    """What a client sends, as a body or a query. A value of another type is refused, never read as if it were the right one
    ("yes" is no boolean, "5" and true are no numbers), and so is a field that is not there."""

    model_config = ConfigDict(strict=True, extra="forbid")


class _NotNull:
    """Takes null from the values that may be sent; it stays what the view finds where nothing was."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Omittable = Annotated[
    T | None, _NotNull()
]  # give it the default None: what an Input holds where the field was left out


class InvalidValue(ValueError):
    """A validator's refusal in our own words: a stable code, and a sentence without the value."""

    def __init__(self, code: FieldCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


_TIME = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
# A time as clients are shown it, in every answer and file: RFC 3339 in UTC with milliseconds.
Time = Annotated[
    datetime,
    PlainSerializer(clock.rfc3339, return_type=str, when_used="json"),
    WithJsonSchema(_TIME, mode="serialization"),
]


@dataclass(frozen=True)
class FreeText:
    """Marks a field as one that takes any text, as `Annotated[str, LINE]`: people may be named in it.

    `prose`: people are spoken of in whole sentences, so that their names are looked for as well as their identifiers.
    """

    prose: bool


LINE, PROSE = FreeText(prose=False), FreeText(prose=True)
