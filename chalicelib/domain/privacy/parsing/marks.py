"""What the reading of a mail notes for whoever answers it. Beside the readers, so that answering loads none of them."""

from enum import StrEnum

ATTACHED = "attached:"  # before the kind of a file that was not read, as its name ends


class Mark(StrEnum):
    """Why a person of ours has to read a letter."""

    THIRD_PERSON = "third_person"
    AGENT = "agent"
    PARTIAL = "partial"
    ANOTHER_FIRST = "another_first"  # a copy, say, before the erasure
    COMPLAINT = "complaint"
