"""The billing function: what the operator's Salesforce holds for one tenant, read while the HTTP function waits.

It alone may open the credential for that Salesforce, and it reaches no table, bucket or queue: it cannot store what it reads.
"""

import functools
from dataclasses import asdict
from typing import Any

from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.salesforce import billing, rest
from chalicelib.connectors.salesforce.oauth import ClientCredentials
from chalicelib.core import clock, log, settings
from chalicelib.core.ids import TenantId
from chalicelib.vault import secrets

_RESERVE_S = 1.0  # to answer in, before Lambda ends the function
_LONGEST_S = 15.0


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return a tenant's billing account and invoices.

    {"tenant": "ten_…"} -> {"account": {name, number} | null, "invoices": [{number, date, amount, currency, status}]}.

    {"error": "unavailable"} if Salesforce does not answer, refuses us, or sends an unreadable answer. The log says why
    and how many invoices there were, and nothing of their content.
    """
    try:
        account, invoices = _read(TenantId(str(event["tenant"])), context)
    except ProviderRefused as refused:
        log.failure("billing_refused", refused, status=refused.status, code=rest.error_code(refused))
        return {"error": "unavailable"}
    except Exception as error:  # noqa: BLE001 - the last door: Lambda would log the error's text
        log.failure("billing_failed", error)
        return {"error": "unavailable"}
    log.event("billing_read", count=len(invoices))
    return {"account": asdict(account) if account else None, "invoices": [asdict(invoice) for invoice in invoices]}


def _read(tenant: TenantId, context: Any) -> tuple[billing.Account | None, list[billing.Invoice]]:
    here = settings.current().billing
    url = here.url.rstrip("/")
    org = rest.Org(url, _tokens(url, here.secret), clock.monotonic() + _time(context))
    return billing.read(org, here.account_field, tenant)


@functools.cache
def _tokens(url: str, secret: str) -> ClientCredentials:
    """One a process: a token serves until it is refused."""
    return ClientCredentials(url, lambda fresh: secrets.read(secret, fresh=fresh))


def _time(context: Any) -> float:
    """Seconds that Salesforce may take."""
    if context is None:
        return _LONGEST_S
    return float(context.get_remaining_time_in_millis()) / 1000 - _RESERVE_S
