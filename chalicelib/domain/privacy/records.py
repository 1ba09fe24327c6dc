"""The rows of a privacy request, all in one partition: PK `request#id`."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.notes import OfficerAction, OfficerMail
from chalicelib.domain.privacy.traces import ErasurePayload, TracesPayload
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord

OWN = "a person's own request, under its own key; deleted with that key when the request ends"


class RequestRecord(PlatformRecord):
    """SK `request`: state, times, hashes of links."""

    table = "Privacy"
    declared = Declaration(
        kind="request",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="30 days after its end",
        life_days=30,
        ended=Ended.WORK,
        payload=Request,
        tenant_end=TenantEnd.OUTLIVES,
        because="a person's own request: its state, which the person sees by its link",
        replays={
            "certificate": Handler("chalicelib.domain.privacy.restore:certificate"),
            "erasure": Handler("chalicelib.domain.privacy.restore:erasure"),
        },
    )


class OpenRequestRecord(PlatformRecord):
    """PK `officer`, SK `open_request#request id`: there is such a request, and nothing else. By these our officer finds all that
    are not over."""

    table = "Privacy"
    declared = Declaration(
        kind="open_request",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the request ends",
        ended=Ended.WORK,
        tenant_end=TenantEnd.OUTLIVES,
        because="the id of a request",
    )


class OfficerMailRecord(PlatformRecord):
    """PK `officer`, SK `officer_mail#template#hour`: what became of that hour's mail about open requests."""

    table = "Privacy"
    declared = Declaration(
        kind="officer_mail",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="7 days",
        life_days=7,
        ended=Ended.TTL,
        payload=OfficerMail,
        tenant_end=TenantEnd.OUTLIVES,
        because="whether a mail of ours to ourselves was sent",
    )


class SignedOutRecord(PlatformRecord):
    """PK `officer`, SK `signed_out#keyed hash`: that sign-in at the desk is over, whatever its cookie says."""

    table = "Privacy"
    declared = Declaration(
        kind="signed_out",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="2 days at most",
        life_days=2,
        ended=Ended.TTL,
        tenant_end=TenantEnd.OUTLIVES,
        because="a keyed hash of a random id",
    )


class OfficerActionRecord(PlatformRecord):
    """PK `request#id`, SK `officer_action#ulid`: what our officer did to the request. Written once, never changed."""

    table = "Privacy"
    declared = Declaration(
        kind="officer_action",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="3 years",
        life_days=1096,
        ended=Ended.TTL,
        payload=OfficerAction,
        tenant_end=TenantEnd.OUTLIVES,
        because="ids, words of ours and a time, so that it outlives the request; whoever acted, as a keyed hash",
    )


NOT_A_MEMBERS = Because("a person's own request, which no member is shown")


class AnsweredRecord(PlatformRecord):
    """PK `answered#keyed hash of an address`, SK `answered#mail`: when the address last had that mail of ours; SK
    `answered#waits#mail`: since when somebody waits for it there; SK `answered#asked#request id`: which of its requests waits
    for a reply; SK `answered#open#what is asked, and how it came#request id`: which requests it made; SK `answered#of#request
    id`: the same, also of those that are over."""

    table = "Privacy"
    declared = Declaration(
        kind="answered",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="130 days at most",
        life_days=130,
        ended=Ended.TTL,
        tenant_end=TenantEnd.OUTLIVES,
        because="a keyed hash, the name of a mail or of rights, ids, and a time",
    )

    at = UnicodeAttribute()


class UnderRequestKey(PlatformRecord):
    """A row of the request's own partition, sealed under the request's key."""

    is_base = True
    table = "Privacy"

    @property
    def scope(self) -> str:
        """The request's own key, which is shredded when the request ends."""
        return str(self.pk)


class PersonRecord(UnderRequestKey):
    """SK `person`: the addresses, the text while it is not settled, the certificate's salt."""

    declared = Declaration(
        kind="person",
        holds=Holds.PERSON,
        found=Found.NEVER,
        told_at=Handler("chalicelib.domain.privacy.own_part:requests"),
        life="until the request ends",
        ended=Ended.WORK,
        payload=PersonPayload,
        tenant_end=TenantEnd.OUTLIVES,
        export=NOT_A_MEMBERS,
        because=OWN,
    )


class ErasureRecord(UnderRequestKey):
    """SK `erasure`: how far a pass of the erasure is."""

    declared = Declaration(
        kind="erasure",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the request ends",
        ended=Ended.WORK,
        payload=ErasurePayload,
        tenant_end=TenantEnd.OUTLIVES,
        export=NOT_A_MEMBERS,
        because=OWN,
    )


class TracesRecord(UnderRequestKey):
    """SK `traces#tenant#number`: what the erasure found in a tenant, in as many rows as it takes."""

    declared = Declaration(
        kind="traces",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the request ends",
        ended=Ended.WORK,
        payload=TracesPayload,
        tenant_end=TenantEnd.OUTLIVES,
        export=NOT_A_MEMBERS,
        because=OWN,
    )
