"""The languages that we speak, by ISO 639-1."""

from typing import Literal, get_args

PersonsLanguage = Literal["en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ro", "el", "hr"]
"""Those in which strangers are answered about their data, who did not choose us."""

MembersLanguage = Literal["en", "fr"]
"""Those of the app's own mails and pages."""

OF_PERSONS: tuple[str, ...] = get_args(PersonsLanguage)
OF_MEMBERS: tuple[str, ...] = get_args(MembersLanguage)

OWN_NAMES = {
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
    "pl": "Polski",
    "sv": "Svenska",
    "da": "Dansk",
    "cs": "Čeština",
    "ro": "Română",
    "el": "Ελληνικά",
    "hr": "Hrvatski",
}
"""What each calls itself, for the switch of a page."""
