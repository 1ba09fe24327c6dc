"""The providers that members connect, simulated: started together, told to the backend by its secret and its environment."""

import json
import os
from collections.abc import Mapping
from typing import Any

from infra.simulators.google.simulator import Google
from infra.simulators.hubspot.simulator import HubSpot
from infra.simulators.salesforce.simulator import Salesforce
from infra.simulators.social.simulator import Social

GIVEN = "IKO_CONNECTORS_"


class Providers:
    """Up from its creation until `stop`. `salesforce` is the one that billing reads too."""

    def __init__(self, salesforce: Salesforce) -> None:
        self.google, self.hubspot, self.social = Google(), HubSpot(), Social()
        self.salesforce = salesforce
        self._all = (self.google, self.salesforce, self.hubspot, self.social)

    def tell(self, client: Any, secret_id: str, given: Mapping[str, str] | None = None) -> None:
        """Put our registrations into the secret, and the addresses into the environment. `client` is of Secrets Manager.

        `given`: IKO_CONNECTORS_* that stand in a simulator's place, so that another server that speaks a provider's interface is
        called instead: its …_URL, and …_CLIENT_ID and …_CLIENT_SECRET where it knows an app of its own only."""
        fields = {name: value for each in self._all for name, value in each.registrations().items()}
        own = {name.removeprefix(GIVEN).lower(): value for name, value in (given or {}).items()}
        fields |= {name: value for name, value in own.items() if name in fields}
        client.put_secret_value(SecretId=secret_id, SecretString=json.dumps(fields))
        for each in self._all:
            os.environ.update(each.environment())
        os.environ.update(given or {})

    def meet(self, public_url: str, *, by_itself: bool) -> None:
        """Register where the backend is reached, as its operator does in each provider's console. `by_itself`: what providers
        push goes without being asked for."""
        self.google.register(f"{public_url}/oauth/google/callback")
        self.google.listen(f"{public_url}/webhooks/gmail", by_itself=by_itself)
        self.hubspot.register(f"{public_url}/oauth/hubspot/callback")
        self.salesforce.register(f"{public_url}/oauth/salesforce/callback")

    def seed(self) -> None:
        """Let each know its part of infra.simulators.people."""
        for each in self._all:
            each.seed()

    def stop(self) -> None:
        """Serve nothing any more; Salesforce is stopped by whoever started it."""
        for each in (self.google, self.hubspot, self.social):
            each.stop()
