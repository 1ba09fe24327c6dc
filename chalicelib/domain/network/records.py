"""Rows of who writes to whom; the counts themselves go with their contact, see contacts.records.ExchangeRecord."""

from chalicelib.core.models import Model
from chalicelib.domain.network.model import INTRODUCTION_DAYS, IntroductionPayload, IntroductionRequestPayload
from chalicelib.store.declaration import Declaration, Exported, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord

HORIZON_DAYS = 365  # what is older when it is read is not counted
HEARD_DAYS = 400  # from the first of the month: longer than the horizon, else the next full pass counted its end again


class HeardPayload(Model):
    """`marks` are keyed hashes of what was counted, MARK_LENGTH characters each, one after the other."""

    marks: str = ""


class HeardRecord(TenantRecord):
    """SK `heard#owner code#connection's local id#yyyy-mm#number`: which messages of a month were counted, so that none counts
    twice, whatever is read again."""

    declared = Declaration(
        kind="heard",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="thirteen months: while a full pass over the mailbox could read the message again",
        life_days=HEARD_DAYS,
        payload=HeardPayload,
        because="keyed hashes of message ids",
        export=Because("keyed hashes of message ids"),
    )


class IntroductionRecord(TenantRecord):
    """SK `introduction#owner code of who asks#ulid`."""

    declared = Declaration(
        kind="introduction",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life=f"{INTRODUCTION_DAYS} days",
        life_days=INTRODUCTION_DAYS,
        payload=IntroductionPayload,
        because="ids of a company and of members, a state and times",
        export=Exported(
            "introductions", "IntroductionsOut", about="whom you asked to be introduced by, and what came of it"
        ),
    )


class IntroductionRequestRecord(TenantRecord):
    """SK `introduction_request#owner code of who is asked#ulid`: written and answered in one call with the asker's row."""

    declared = Declaration(
        kind="introduction_request",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life=f"{INTRODUCTION_DAYS} days",
        life_days=INTRODUCTION_DAYS,
        payload=IntroductionRequestPayload,
        because="ids of a contact and of members, a state and times",
        export=Exported(
            "introduction_requests", "IntroductionsOut", about="who asked you for an introduction, and your answers"
        ),
    )
