"""What the promise tests share: the captured log, unique marks, and a whole erasure."""

import logging
import uuid
from collections.abc import Callable, Iterator

import pytest

from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.scan.places import CapturedLog
from tests.support.officer import ACCESS
from tests.support.privacy_mail import mail


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


@pytest.fixture
def ask(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[[], str]:
    """Writes a letter that our officer has to read; the request's id."""

    def write() -> str:
        ident = id_of_mail(drop_mail(mail(f"o.{uuid.uuid4().hex[:10]}@people.example", ACCESS)))
        cloud.drain()
        return ident

    return write
