"""The privacy officer of the tests: signed in for its own audience."""

from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS, OFFICER_AUDIENCE
from tests.conftest import Api

ACCESS = "Please send me a copy of my personal data.\r\n"


def officer(cloud: Cloud) -> Api:
    """The officer's client, signed in now."""
    return Api(cloud.url, cloud.issuer.token(OFFICER_ADDRESS, aud=OFFICER_AUDIENCE))
