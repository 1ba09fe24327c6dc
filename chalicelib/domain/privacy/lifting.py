"""The link by which a person takes back what it said of the use of its data. It works for as long as that stands: nothing is kept
for it, the link itself carries, sealed, which request said it, and the keyed hashes of the addresses."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.core import clock, settings
from chalicelib.core.errors import BadRequest, NotFound
from chalicelib.domain.privacy import repository
from chalicelib.domain.privacy.model import DUE_KIND
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from chalicelib.store.due import Due, wake
from chalicelib.store.steps import send
from chalicelib.vault import tags

_PURPOSE = "lift"
_BETWEEN = "|"


def link(by: str, addresses: Iterable[str], language: str) -> str:
    """Return the address of the page that takes back what `by` said of these addresses (exact forms)."""
    content = _BETWEEN.join([by, *map(wishes.place_of, addresses)])
    token = tags.seal_token(_PURPOSE, content.encode())
    return f"{settings.current().public_url}/privacy/lift/{token}?lang={language}"


@dataclass(frozen=True)
class Lifting:
    """What a link is for."""

    by: str
    places: tuple[str, ...]

    @property
    def standing(self) -> list[Wish]:
        """What stands of it."""
        return list(dict.fromkeys(wish for place in self.places for wish in wishes.stands(place, self.by)))

    def lift(self) -> list[Wish]:
        """Take back all of it, and return what stood. The request goes on, whose members are asked no more; where this is killed,
        before it reminds them. Safe to repeat. Unavailable, VersionConflict."""
        lifted = list(dict.fromkeys(wish for place in self.places for wish in wishes.lift(place, self.by)))
        if lifted and repository.find(self.by) is not None:
            due = Due(DUE_KIND, self.by)
            wake(due, clock.now())
            send("deletions", due)
        return lifted


def opened(token: str) -> Lifting:
    """Return what a link is for. NotFound where it is none of ours."""
    try:
        by, *places = tags.open_token(_PURPOSE, token).decode().split(_BETWEEN)
    except BadRequest as error:
        raise NotFound from error
    return Lifting(by, tuple(places))
