"""Every kind of due work: the queue that it goes on, and the steps in which it is carried on.

A function is handed the work of its own queue, and loads no more for it: who is to be erased does not wait for what reads files.
"""

from collections.abc import Iterable

from chalicelib.domain.exports.model import Shapes
from chalicelib.store.steps import Work


def works(queue: str | None = None, shapes: Shapes | None = None) -> dict[str, Work]:
    """Return the works of that queue by kind, or of all queues. `shapes` say how the API shows exported records; without them no
    export goes on."""
    made = {"work": lambda: _of_work(shapes), "sync": _of_sync, "deletions": _of_deletions}
    return {work.kind: work for name, make in made.items() if queue in (None, name) for work in make()}


def _of_work(shapes: Shapes | None) -> Iterable[Work]:
    from chalicelib.domain import kinds  # noqa: PLC0415 - cold start, as below
    from chalicelib.domain.contacts import company_names, switches  # noqa: PLC0415
    from chalicelib.domain.directory import notices as directory  # noqa: PLC0415
    from chalicelib.domain.exports import archive  # noqa: PLC0415
    from chalicelib.domain.exports import worker as exports  # noqa: PLC0415
    from chalicelib.domain.imports import worker as imports  # noqa: PLC0415
    from chalicelib.domain.matching import worker as matching  # noqa: PLC0415
    from chalicelib.domain.ranking import digest  # noqa: PLC0415
    from chalicelib.domain.retention import sweep  # noqa: PLC0415

    export = exports.work(archive.contents_of(kinds.RECORDS), shapes)
    return (
        imports.WORK,
        company_names.WORK,
        switches.WORK,
        directory.WORK,
        matching.WORK,
        digest.WORK,
        export,
        sweep.work(kinds.RECORDS),
    )


def _of_sync() -> Iterable[Work]:
    from chalicelib.domain.connections import disconnect, notices  # noqa: PLC0415
    from chalicelib.domain.sync import disconnect_cleanup  # noqa: PLC0415
    from chalicelib.domain.sync import worker as sync  # noqa: PLC0415

    return sync.WORK, disconnect.work(disconnect_cleanup.forget), notices.WORK


def _of_deletions() -> Iterable[Work]:
    from chalicelib.domain import kinds  # noqa: PLC0415
    from chalicelib.domain.privacy import restriction, workflow  # noqa: PLC0415
    from chalicelib.domain.purge.offboarding import Leaving  # noqa: PLC0415
    from chalicelib.domain.purge.tenant_purge import Purging  # noqa: PLC0415
    from chalicelib.domain.subscription import reconcile, surplus  # noqa: PLC0415

    purging, leaving = Purging(kinds.RECORDS).work(), Leaving(kinds.RECORDS).work()
    of_persons = workflow.work(kinds.RECORDS), restriction.work(kinds.RECORDS)
    return reconcile.WORK, surplus.WORK, *of_persons, purging, leaving
