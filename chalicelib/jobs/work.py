"""The work queue: long work of members. A message holds ids; what to do is read anew."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain import kinds
from chalicelib.domain.accounts.model import LIVES_DUE
from chalicelib.domain.exports import archive
from chalicelib.domain.exports import worker as exporting
from chalicelib.domain.exports.model import DUE_KIND as EXPORT
from chalicelib.domain.exports.model import Shapes
from chalicelib.domain.imports import worker
from chalicelib.domain.imports.model import DUE_KIND as IMPORT
from chalicelib.domain.imports.worker import Outcome
from chalicelib.domain.retention import sweep as passes
from chalicelib.domain.subscription import reconcile
from chalicelib.domain.subscription.model import DUE_KIND as SUBSCRIPTION
from chalicelib.jobs.messages import each, has_time
from chalicelib.store import due, queues
from chalicelib.store.due import Due
from chalicelib.store.steps import HasTime

Run = Callable[[str, HasTime], None]


def handle(event: dict[str, Any], context: Any, shapes: Shapes | None = None) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again.

    `shapes`: how the API shows what an export holds; nothing else needs them.
    """
    runs = dict(_RUN)
    if shapes is not None:
        runs[EXPORT] = functools.partial(_export, shapes)
    return each(event, "work", lambda body: _one(runs, body, has_time(context)))


def _one(runs: Mapping[str, Run], body: dict[str, str], has_time: HasTime) -> None:
    run = runs.get(body.get("kind", ""))
    if run is None:
        log.event("work_unknown")
        return
    run(body.get("id", ""), has_time)


def _import(ident: str, has_time: HasTime) -> None:
    tenant, _, job_id = ident.partition(".")
    outcome = worker.run(tenant, job_id, has_time)
    log.event("import_ran", tenant=tenant, job_id=job_id, state=str(outcome))
    next_ids = [job_id] if outcome is Outcome.AGAIN else []
    if outcome is Outcome.FINISHED:
        next_ids = worker.waiting(tenant, job_id)
    for next_id in next_ids:
        queues.send(settings.current().queues.work, {"kind": IMPORT, "id": f"{tenant}.{next_id}"})


def _lives(tenant: str, has_time: HasTime) -> None:
    outcome = passes.run(tenant, kinds.RECORDS, has_time)
    log.event("lives_ran", tenant=tenant, state=str(outcome))
    if outcome is passes.Outcome.AGAIN:
        queues.send(settings.current().queues.work, {"kind": LIVES_DUE, "id": tenant})


def _subscription(paypal_id: str, _: HasTime) -> None:
    try:
        reconcile.refresh_one(paypal_id)
    except (VersionConflict, Unavailable) as error:
        log.failure("refresh_postponed", error, provider="paypal")
        due.schedule(Due(SUBSCRIPTION, paypal_id), clock.now() + reconcile.SOON)


def _export(shapes: Shapes, ident: str, _has_time: HasTime) -> None:
    tenant, _, export_id = ident.partition(".")
    again = exporting.run(tenant, export_id, archive.contents_of(kinds.RECORDS), shapes)
    log.event("export_ran", tenant=tenant, job_id=export_id, state="again" if again else "left")
    if again:
        queues.send(settings.current().queues.work, {"kind": EXPORT, "id": ident})


# How each kind of due work on this queue is carried on; jobs/due.py sends the kinds here.
_RUN: dict[str, Run] = {
    IMPORT: _import,
    LIVES_DUE: _lives,
    SUBSCRIPTION: _subscription,
}
