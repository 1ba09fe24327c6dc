"""What a person is known by: e-mail address, profile URL, phone number, each in its one exact form, made here alone.

Files, API, synced records, forms, mails and notes all ask these functions, so that who is erased is known in every
spelling that a reader would call the same.
"""

from chalicelib.core.identifiers.characters import visible, without_unseen
from chalicelib.core.identifiers.email import ROLE_LOCALS, EmailAddress
from chalicelib.core.identifiers.errors import InvalidIdentifier
from chalicelib.core.identifiers.phone import is_chat_link, phone, phone_digits, without_wrapping
from chalicelib.core.identifiers.profile_url import is_network, is_person_page, profile_url

__all__ = [
    "ROLE_LOCALS",
    "EmailAddress",
    "InvalidIdentifier",
    "is_chat_link",
    "is_network",
    "is_person_page",
    "phone",
    "phone_digits",
    "profile_url",
    "visible",
    "without_unseen",
    "without_wrapping",
]
