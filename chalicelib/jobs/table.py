"""Every kind of due work: the queue that it goes on, and the steps in which it is carried on."""

from chalicelib.domain import kinds
from chalicelib.domain.connections import disconnect, notices
from chalicelib.domain.contacts import company_names
from chalicelib.domain.exports import archive
from chalicelib.domain.exports import worker as exports
from chalicelib.domain.exports.model import Shapes
from chalicelib.domain.imports import worker as imports
from chalicelib.domain.privacy import workflow
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.domain.retention import sweep
from chalicelib.domain.subscription import reconcile, surplus
from chalicelib.domain.sync import disconnect_cleanup
from chalicelib.domain.sync import worker as sync
from chalicelib.store.steps import Work


def works(shapes: Shapes | None = None) -> dict[str, Work]:
    """Return all works by kind. `shapes` say how the API shows exported records; without them no export goes on."""
    every = (
        imports.WORK,
        company_names.WORK,
        exports.work(archive.contents_of(kinds.RECORDS), shapes),
        sweep.work(kinds.RECORDS),
        reconcile.WORK,
        surplus.WORK,
        sync.WORK,
        disconnect.work(disconnect_cleanup.forget),
        notices.WORK,
        workflow.work(kinds.RECORDS),
        Purging(kinds.RECORDS).work(),
        Leaving(kinds.RECORDS).work(),
    )
    return {work.kind: work for work in every}
