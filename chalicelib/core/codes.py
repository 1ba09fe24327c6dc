"""Every code that the API answers, with its meaning: the one list from which code, schema and docs are made."""

from enum import StrEnum
from typing import Self


class Explained(StrEnum):
    """A code, and what it means to the one who meets it."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class FieldCode(Explained):
    """What is wrong with one field of a request: `errors[].code` of a 422."""

    MISSING = "missing", "The field must be sent, and must not be empty."
    UNKNOWN_FIELD = "unknown_field", "There is no such field here; `suggestion` names one that is spelled alike."
    REPEATED = "repeated", "A query parameter stands twice."
    NULL_NOT_ALLOWED = "null_not_allowed", "Null means nothing here. Leave the field out."
    NOT_A_BOOLEAN = "not_a_boolean", "Only true and false are allowed: no text, no number."
    NOT_AN_INTEGER = "not_an_integer", "Only a whole number is allowed: no text, no boolean."
    NOT_A_NUMBER = "not_a_number", "Only a number is allowed: no text, no boolean."
    NOT_A_STRING = "not_a_string", "Only text is allowed."
    NOT_A_LIST = "not_a_list", "Only a list is allowed."
    NOT_AN_OBJECT = "not_an_object", "Only an object is allowed."
    NOT_A_TIME = "not_a_time", "Only a time in the form of RFC 3339 is allowed, or a date where a date is asked for."
    WRONG_TYPE = "wrong_type", "The value has none of the types that are allowed."
    NOT_A_CHOICE = "not_a_choice", "The value is none of those that the message lists."
    OUT_OF_RANGE = "out_of_range", "The number is smaller or larger than allowed."
    TOO_SHORT = "too_short", "The text has fewer characters than allowed."
    TOO_LONG = "too_long", "The text has more characters than allowed."
    TOO_FEW = "too_few", "The list or object has fewer entries than allowed."
    TOO_MANY = "too_many", "The list or object has more entries than allowed."
    WRONG_FORM = "wrong_form", "The text does not have the form that is asked for."
    UNUSABLE_CHARACTER = "unusable_character", "The text holds a control character or a sign that turns the direction."
    LINE_BREAK = "line_break", "The text must be one line."
    INVALID = "invalid", "The value is not what the field is for; the message says what is."
    HOLDS_ADDRESS = "holds_address", "E-mail addresses and profile pages are not allowed in this field."
    NOBODY = "nobody", "A contact needs a name, an e-mail address, a phone number or a profile."
    UNKNOWN_COMPANY = "unknown_company", "The caller has no such company."
    UNKNOWN_TIER = "unknown_tier", "The provider has no such tier."
    NOT_FOUND = "not_found", "The caller has nothing with this id."
    NOT_ALLOWED = "not_allowed", "We may not redirect to this address."
