"""Every kind of due work: the queue that it goes on, and the steps in which it is carried on."""

from chalicelib.domain import kinds
from chalicelib.domain.connections import disconnect, revocation
from chalicelib.domain.privacy import workflow
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.domain.sync import disconnect_cleanup
from chalicelib.domain.sync import worker as sync
from chalicelib.store.steps import Work


def works() -> dict[str, Work]:
    """All of it, by kind."""
    every = (
        sync.WORK,
        disconnect.work(disconnect_cleanup.forget),
        workflow.work(kinds.RECORDS),
        Purging(kinds.RECORDS, revoke=[("connections", revocation.of_tenant)]).work(),
        Leaving(kinds.RECORDS, revoke=[("connections", revocation.of_member)]).work(),
    )
    return {work.kind: work for work in every}
