"""What became of one record of a connection: key = (connection, external id); an address is never the key."""

from enum import StrEnum

from chalicelib.core.ids import SortKey
from chalicelib.core.models import Model


class Fate(StrEnum):
    """STORED: in the contact or company `record`. DROPPED: its member deleted it here, and it stays away as long as the source
    shows it. ENDED: its life ended here (P15), and the same holds."""

    STORED = "stored"
    DROPPED = "dropped_here"
    ENDED = "life_ended"


class SourceLinkPayload(Model):
    """`record` is the sort key of the contact or company; `digest` of what was brought last, so that the same again costs no
    write; `seen_at` (RFC 3339) is when the record's own `seen` was last set; `external_id` is what the source knows it by.
    `untidy`: pointers of its contact were about to be dropped; a worker that was killed has left them."""

    fate: Fate = Fate.STORED
    record: SortKey = SortKey("")
    digest: str = ""
    seen_at: str = ""
    external_id: str = ""
    untidy: bool = False
