"""Registers blueprints and jobs. No logic."""

import gc
from typing import Any

gc.disable()  # until all is loaded: nothing of it is garbage, and looking for some took a seventh of a cold start

from chalice import Chalice, Rate

from chalicelib.api import (
    accounts,
    audit,
    billing,
    companies,
    connections,
    contactability,
    contacts,
    counts,
    directory,
    export_views,
    exports,
    identity,
    imports,
    jobs,
    lift,
    matches,
    members,
    meta,
    network,
    oauth_callback,
    officer,
    pages,
    person_copy,
    privacy_tasks,
    prospects,
    providers,
    signals,
    subscription,
    unlist,
    verify,
    webhooks_gmail,
    workspaces,
)
from chalicelib.api import (
    sync as connection_sync,
)
from chalicelib.api.desk import board, sign_in
from chalicelib.core import log, settings

settings.check_at_start()
app = Chalice(app_name="iko")
log.install()  # after Chalice, which brings a log handler of its own
# Files arrive as bytes: API Gateway would decode any other type as UTF-8 and so corrupt UTF-16 or Windows-1252.
app.api.binary_types = [
    "application/octet-stream",
    "application/zip",
    "application/x-zip-compressed",
    "application/csv",
    "application/vnd.ms-excel",
    "application/pdf",
    "multipart/form-data",
    "text/csv",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
]

for blueprint in (
    identity.bp,
    meta.bp,
    accounts.bp,
    audit.bp,
    billing.bp,
    companies.bp,
    connections.bp,
    oauth_callback.bp,
    contactability.bp,
    contacts.bp,
    counts.bp,
    directory.bp,
    imports.bp,
    exports.bp,
    jobs.bp,
    lift.bp,
    matches.bp,
    members.bp,
    network.bp,
    officer.bp,
    sign_in.bp,
    board.bp,
    pages.bp,
    person_copy.bp,
    privacy_tasks.bp,
    prospects.bp,
    providers.bp,
    signals.bp,
    subscription.bp,
    connection_sync.bp,
    unlist.bp,
    verify.bp,
    webhooks_gmail.bp,
    workspaces.bp,
):
    app.register_blueprint(blueprint)


@app.on_sqs_message(queue="iko-inbound-mail", batch_size=5, name="inbound_mail")
def inbound_mail(event: Any) -> Any:
    """Mails to the privacy address."""
    from chalicelib.jobs import inbound_mail as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context)


@app.on_sqs_message(queue="iko-privacy-deletions", batch_size=5, name="deletions")
def deletions(event: Any) -> Any:
    """Erasures and what belongs to their requests."""
    from chalicelib.jobs import deletions as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context)


@app.on_sqs_message(queue="iko-work", batch_size=1, name="work")
def work(event: Any) -> Any:
    """Imports, exports and other long work of members."""
    from chalicelib.jobs import work as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context, export_views.ApiShapes())


@app.on_sqs_message(queue="iko-sync", batch_size=1, name="sync")
def sync(event: Any) -> Any:
    """Connections: what providers have is brought in; connections that end are revoked and taken away."""
    from chalicelib.jobs import sync as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context)


@app.lambda_function(name="replay")
def replay(event: Any, context: Any) -> Any:
    """After a restore, by the operator: what was erased and purged goes again."""
    from chalicelib.jobs import replay as job  # noqa: PLC0415 - cold start

    return job.handle(event, context)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="due")
def due(event: Any) -> Any:
    """What is due goes onto its queue."""
    from chalicelib.jobs import due as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="directory_feed")
def directory_feed(event: Any) -> Any:
    """People from public sources, out of the operator's files."""
    from chalicelib.jobs import directory_feed as job  # noqa: PLC0415 - cold start

    return job.handle(event.to_dict(), event.context)


@app.lambda_function(name="billing")
def read_billing(event: Any, context: Any) -> Any:
    """A tenant's account and invoices from the operator's Salesforce; the HTTP function waits for it."""
    from chalicelib.jobs import billing as job  # noqa: PLC0415 - cold start

    return job.handle(event, context)


gc.freeze()  # what is loaded stays, and is not looked through again
gc.set_threshold(10_000, 10, 10)  # of objects more than when it was looked last; a page of records makes thousands
gc.enable()
