"""How many of our files a reader has to open to follow one contact of a CRM: those that its sync enters."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

import chalicelib
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import SOURCES
from tests.support.provider_connection import Followed

ROOT = str(Path(chalicelib.__file__).parent)
# From the provider's record to the rows that are written of it, and the whole invocation: message, lease, token, pages, counts.
OF_ONE_RECORD, OF_THE_RUN, DEEPEST = 32, 69, 32
STORE = f"{ROOT}/domain/sync/mapping.py"


class Entered:
    """Files of ours whose functions are called, and how deep these calls stand within each other; of all, and within the storing
    of a page."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.storing: set[str] = set()
        self.deepest = 0
        self._depth, self._within = 0, 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(ROOT) or not code.co_flags & CO_OPTIMIZED:
            return  # bodies of modules and classes run when they are imported
        file = code.co_filename
        step = 1 if event == "call" else -1
        self._depth += step
        if file == STORE and code.co_name == "store":
            self._within += step
        if event == "call":
            self.files.add(file)
            self.deepest = max(self.deepest, self._depth)
            if self._within:
                self.storing.add(file)


@contextmanager
def entered() -> Iterator[Entered]:
    seen = Entered()
    sys.setprofile(seen)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def test_one_salesforce_contact_enters_few_files(cloud: Cloud, member: Member) -> None:
    source = SOURCES["salesforce"](cloud)
    source.put(0)
    hub = Followed(cloud, member, source, source.connect(member))
    hub.settle()  # what is imported late is imported now
    source.put(1)
    cloud.advance(1000)
    with entered() as seen:
        hub.run()
    assert len(hub.shown()) == 2
    assert len(seen.storing) <= OF_ONE_RECORD, sorted(seen.storing)
    assert len(seen.files) <= OF_THE_RUN, sorted(seen.files)
    assert seen.deepest <= DEEPEST
    hub.forget()
    source.close()
