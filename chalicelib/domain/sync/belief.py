"""How long a provider's refusal must last to be believed. What a table knows as final is believed at once (connectors.oauth).

| refused | believed after | and then |
|---|---|---|
| a refresh, in words that no table knows | a day | failed |
| reading, by a 403 or a word for it | an hour | failed |
| reading, by a 401 to a token that was given just now | a day | failed |
| reading, by a 401 to a token that nothing can be exchanged for | an hour | needs consent |

A token that was given just now says that the grant stands: what refuses it is most likely the vendor's own trouble. No vendor
says how long that lasts; Gmail had some of it (googleapis/google-api-nodejs-client#2665), and sign-ins are seldom down for a
day. LinkedIn gives most apps no refresh token, and answers 401 also where its member took the consent back
(learn.microsoft.com/en-us/linkedin: shared/api-guide/concepts/error-handling).
"""

from datetime import timedelta

from chalicelib.core.stream_codes import StreamReason

UNKNOWN_REFUSAL = timedelta(hours=24)
_READING, _SESSION = timedelta(hours=1), timedelta(hours=24)


def after(reason: str, *, renewable: bool) -> timedelta:
    """Return how long nothing may be given until the refusal to be read is believed; `renewable`: there is a refresh token."""
    return _SESSION if renewable and reason == StreamReason.SESSION_REFUSED else _READING


def needs_consent(reason: str, *, renewable: bool) -> bool:
    """Return whether only a new consent ends such a refusal."""
    return not renewable and reason == StreamReason.SESSION_REFUSED
