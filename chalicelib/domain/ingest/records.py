"""The rows by which two requests that type in the same at once notice each other."""

from chalicelib.store.declaration import Declaration, Ended, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord


class TypedRecord(TenantRecord):
    """SK `typed#owner code#keyed hash` of an identifier or a domain: moved by each record that is typed in with it."""

    declared = Declaration(
        kind="typed",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="10 minutes",
        life_days=1,
        ended=Ended.TTL,
        because="a keyed hash, which nothing is looked for by",
        export=Because("keyed hashes, kept for minutes so that two requests at once make one record"),
    )
