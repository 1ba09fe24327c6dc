"""What the promise tests share: the captured log, unique marks, and a whole erasure."""

import logging
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.scan.places import CapturedLog


@pytest.fixture
def captured() -> Iterator[CapturedLog]:
    """What the process logs from here on, as deployed."""
    handler = CapturedLog()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


@pytest.fixture
def mark() -> Callable[[str], str]:
    """A text that stands nowhere else."""
    run = uuid.uuid4().hex[:10]
    return lambda field: f"zq{run}{field}"
