"""Why no pass of a connection is complete, in our words."""

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import Misconfigured, OverQuota
from chalicelib.core.codes import RunOutcome
from chalicelib.domain.connections import registrations
from chalicelib.domain.sync.stream_pass import Stuck


def why(error: Exception) -> RunOutcome:
    """Return the word for what a run of the connection met."""
    if isinstance(error, OverQuota):
        return RunOutcome.OVER_QUOTA
    if isinstance(error, Misconfigured):
        return error.reason
    if isinstance(error, registrations.NotRegistered):
        return RunOutcome.APP_MISSING
    if isinstance(error, ProviderDown):
        return RunOutcome.PROVIDER_UNAVAILABLE
    return RunOutcome.PAGES_REPEAT if isinstance(error, Stuck) else RunOutcome.PROVIDER_REFUSED
