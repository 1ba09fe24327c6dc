"""Fields that an account does not show, from page to page of a stream."""

from collections.abc import Iterable

from chalicelib.connectors.fields import Hidden
from chalicelib.connectors.port import Page
from chalicelib.domain.connections.model import HiddenField
from chalicelib.domain.sync.records import CheckpointPayload


def kept(found: Iterable[Hidden]) -> list[HiddenField]:
    """Return these fields as they are kept."""
    return [HiddenField(field=each.field, code=each.means) for each in found]


def shown_again(at: CheckpointPayload, page: Page) -> bool:
    """Note which fields the account does not show, and return whether the stream is to be read anew: it shows one that it did not
    show at the page before. Of records that did not change since no page of changes tells it, nor do the pages that this pass has
    behind it."""
    before, at.hidden = at.hidden, kept(page.hidden)
    names = {each.field for each in at.hidden}
    return any(each.field not in names for each in before) and not (at.full and at.page == at.first)
