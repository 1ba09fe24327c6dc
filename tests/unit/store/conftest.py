"""Fixtures of the store's tests."""

import uuid

import pytest

from chalicelib.core.ids import TenantId
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud


@pytest.fixture
def tenant(cloud: Cloud) -> TenantId:
    """A tenant with a key, and nothing else."""
    made = TenantId(f"ten_{uuid.uuid4().hex}")
    ring.create(made)
    return made
