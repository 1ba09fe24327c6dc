"""The rows of a privacy request, all in one partition: PK `request#id`."""

from chalicelib.domain.privacy.model import ErasurePayload, PersonPayload, RequestPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord


class RequestRecord(PlatformRecord):
    """SK `request`: state, times, hashes of links."""

    table = "Privacy"
    declared = Declaration(
        "request",
        Holds.NOBODY,
        Found.NEVER,
        "30 days after its end",
        30,
        RequestPayload,
        "lets the person see the state of the request by its link",
    )


class _UnderRequestKey(PlatformRecord):
    is_base = True
    table = "Privacy"

    @property
    def scope(self) -> str:
        """The request's own key, which is shredded when the request ends."""
        return str(self.pk)


class PersonRecord(_UnderRequestKey):
    """SK `person`: the addresses, the text while it is not settled, the certificate's salt."""

    declared = Declaration(
        "person",
        Holds.PERSON,
        Found.KEY,
        "until the request ends, 120 days at the longest",
        120,
        PersonPayload,
        "deleted when the request closes",
    )


class ErasureRecord(_UnderRequestKey):
    """SK `erasure`: the checkpoint of an erasure."""

    declared = Declaration(
        "erasure",
        Holds.PERSON,
        Found.KEY,
        "until the request ends",
        None,
        ErasurePayload,
        "deleted when the request closes",
    )
