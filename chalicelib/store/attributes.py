"""Attributes of records: a sealed payload, ids, whole numbers."""

from typing import TypeVar

from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY, NUMBER, STRING

from chalicelib.vault.sealing import Sealed

Text = TypeVar("Text", bound=str)


class NotSealed(TypeError):
    """Something else than a sealed payload was about to be stored. Does not show it."""


class SealedAttribute(Attribute[Sealed]):
    """Binary; takes nothing but what the vault sealed."""

    attr_type = BINARY

    def serialize(self, value: object) -> bytes:
        if not isinstance(value, Sealed):
            raise NotSealed("only a sealed payload can be stored")
        return value.ciphertext

    def deserialize(self, value: bytes) -> Sealed:
        return Sealed(bytes(value))


class IdAttribute(Attribute[Text]):
    """Text that is an id of one type of core.ids."""

    attr_type = STRING


class WholeAttribute(Attribute[int]):
    """A whole number. PynamoDB's own goes through JSON, which costs every row two encodings."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)
