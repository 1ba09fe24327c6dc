"""Google on this machine, over real HTTP."""

from infra.local.server import Asked, Said
from infra.local.simulator import Simulator


class Google(Simulator):
    """Nothing is served yet."""

    def registrations(self) -> dict[str, str]:
        """The fields of the connectors' secret that are of this provider."""
        return {}

    def environment(self) -> dict[str, str]:
        """What the functions are told of it."""
        return {}

    def seed(self) -> None:
        """Let the people of infra.local.people be known here."""

    def error(self, status: int) -> Said:
        """Errors as the vendor writes them."""
        return Said(status, {"error": status})

    def answer(self, asked: Asked) -> Said:
        """The vendor's interface."""
        return self.error(404)
