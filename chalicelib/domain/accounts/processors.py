"""Who else processes data for us (GDPR art. 28): the one table, served to every member and compared with the template.

What members connect themselves (their CRM, their mailbox, their social networks) is theirs and no sub-processor of ours: it is
listed with their connections, and what each provider permits at GET /v1/providers. Every host that we call, theirs too, is in
connectors.hosts.
"""

from dataclasses import dataclass

from chalicelib.core import settings


@dataclass(frozen=True)
class Processor:
    """One sub-processor. `hosts` are patterns of the names under which we call it, by HTTPS only."""

    name: str
    purpose: str
    data: str
    region: str
    hosts: tuple[str, ...]


def processors() -> tuple[Processor, ...]:
    """Return every sub-processor of this installation."""
    region = settings.current().region
    return (
        Processor(
            "Amazon Web Services",
            "hosting: functions, tables, keys, queues, objects, and the mails to and from the privacy address",
            "everything that is stored, sealed with keys that never leave its key service in the clear; our own mails",
            region,
            (f"*.{region}.amazonaws.com",),
        ),
        Processor(
            "PayPal",
            "the workspace's subscription",
            "ids, status and times of the subscription; payment details are entered at PayPal and never reach us",
            "where PayPal keeps the payer's account, under its own terms",
            ("*.paypal.com",),
        ),
        Processor(
            "Salesforce",
            "the operator's accounts and invoices",
            "name and invoices of the workspace as a customer, read live and stored nowhere here; none of its contacts",
            "where the operator's own Salesforce is hosted",
            ("*.salesforce.com",),
        ),
    )
