"""The row of a contact."""

from chalicelib.domain.accounts.model import LONGEST_DAYS
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import TenantRecord


class ContactRecord(TenantRecord):
    """SK `contact#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        life="36 months after the person's last message, or else after it came in, while its company is no client; less "
        "where the workspace or its member says so; what no connection has shown for 30 days goes before",
        life_days=LONGEST_DAYS,
        payload=ContactPayload,
    )
