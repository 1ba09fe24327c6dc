"""Attributes of records that are plain: ids, whole numbers."""

from typing import Any, TypeVar

from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER, STRING

Text = TypeVar("Text", bound=str)


class IdAttribute(Attribute[Text]):
    """Text that is an id of one type of core.ids."""

    attr_type = STRING


class WholeAttribute(Attribute[int]):
    """A whole number. PynamoDB's own goes through JSON, which costs every row two encodings."""

    attr_type = NUMBER

    serialize: Any = staticmethod(str)
    deserialize: Any = staticmethod(int)
