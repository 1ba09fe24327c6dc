"""Where a browser may be sent back to after it was at a provider: hosts that the operator allows, over https."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from chalicelib.core import settings
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, Unprocessable


def back(return_to: str | None, otherwise: str) -> str:
    """Return where the browser goes after a provider: the client's `return_to`, or without one our own page `otherwise`.

    Unprocessable unless the address is on an allowed host, has the scheme https, and reads the same in every browser.
    """
    here = settings.current()
    if return_to is None:
        return otherwise
    try:
        parts = urlsplit(return_to)
        host = parts.hostname or ""
        plain = parts.username is None and not any(c.isspace() or c in "\\\x00" for c in return_to)
    except ValueError:
        host, plain, parts = "", False, None
    secure = parts is not None and (parts.scheme == "https" or (here.local and parts.scheme == "http"))
    if not (plain and secure and host in here.return_hosts):
        raise Unprocessable(
            [
                FieldError(
                    "return_to",
                    FieldCode.NOT_ALLOWED,
                    "We may not redirect to this address. Ask the operator to allow its host.",
                )
            ]
        )
    from chalicelib.domain.redaction.mentions import held  # noqa: PLC0415 - cold start

    if wrong := held("return_to", return_to):
        raise Unprocessable(wrong)  # it is kept until the browser comes back
    return return_to


def with_word(return_to: str, name: str, value: str) -> str:
    """Return the address with one more parameter in its query."""
    parts = urlsplit(return_to)
    query = "&".join(each for each in (parts.query, urlencode({name: value})) if each)
    return urlunsplit(parts._replace(query=query))
