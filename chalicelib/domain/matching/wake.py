"""Having a member's contacts and companies matched: after whatever writes some of them."""

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.matching.records import MATCHING_DUE, MATCHING_PREFIX
from chalicelib.store import due
from chalicelib.store.due import Due


def due_of(tenant: TenantId, owner: OwnerCode) -> Due:
    """Return the piece of work that matches what this member has."""
    return Due(MATCHING_DUE, f"{tenant}.{MATCHING_PREFIX}_{owner}{'0' * 26}")


def changed(tenant: TenantId, owner: OwnerCode) -> None:
    """Say that contacts or companies of the member were written: they are compared within minutes."""
    due.ensure(due_of(tenant, owner), clock.now())


def by(actor: Actor) -> None:
    """Say the same of the actor's own, within a request. One call."""
    due.touch(due_of(actor.tenant, actor.code), clock.now())
