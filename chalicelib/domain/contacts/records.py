"""The row of a contact."""

from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import TenantRecord


class ContactRecord(TenantRecord):
    """SK `contact#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        life="until the member deletes it, the person is erased, or the workspace ends",
        payload=ContactPayload,
    )
