"""The environment variables of this process: those that the AWS libraries read, and those that the functions read."""

import os
import uuid
from typing import Any

from infra.local.provision import NOT_IN_DYNAMODB_LOCAL
from infra.local.resource_makers import Differences

REGION = "eu-west-1"
PRIVACY_ADDRESS = "privacy@iko.example"
OPERATOR_ADDRESS = "operator@iko.example"
OFFICER_ADDRESS = "officer@iko.example"
OFFICER_AUDIENCE = "iko-officer"
CONTROLLER = {
    "IKO_CONTROLLER_NAME": "IKO System (local)",
    "IKO_CONTROLLER_ADDRESS": "1 Example Street, 1000 Example Town",
}
SENDER_ADDRESS = "IKO Privacy <no-reply@iko.example>"
ANOTHER_DYNAMODB = "IKO_DYNAMODB_ENDPOINT"
FUNCTION_TIME_S = 15  # what a queue's function believes to have; long work goes on in another message
_VISIBILITY_S = 30  # twice that: long enough that nothing comes twice, short enough to watch a retry
_RETURN_HOSTS = "127.0.0.1,localhost,app.iko.example"  # where a client under development runs
# A write follows its look at the tombstones within two seconds here, which is what the waits after an erasure are for. A
# lease outlasts a function that believes to have FUNCTION_TIME_S and that nobody stops.
_WAITS = {"KEY_CACHE": "5", "LONGEST_FUNCTION": "2", "LEASE": "180", "SECOND_PASS": "4", "GRACE": "4", "REREAD": "2"}


def isolate() -> None:
    """Let no setting of this machine's user reach the AWS libraries, and no proxy stand between the parts."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",  # noqa: S106 - any value is accepted
        AWS_DEFAULT_REGION=REGION,
        AWS_REGION=REGION,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        NO_PROXY="*",
        no_proxy="*",
    )


def point_to(aws_url: str) -> None:
    """Send every AWS call to moto, and those to DynamoDB to another one where IKO_DYNAMODB_ENDPOINT names it."""
    os.environ["AWS_ENDPOINT_URL"] = aws_url
    if os.environ.get(ANOTHER_DYNAMODB):
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = os.environ[ANOTHER_DYNAMODB]


def differences() -> Differences:
    """How the local resources differ from the template."""
    if not os.environ.get(ANOTHER_DYNAMODB):
        return Differences(queue_visibility_s=_VISIBILITY_S)
    # Several processes may share one DynamoDB Local: each has tables of its own.
    prefix = f"iko-local-{uuid.uuid4().hex[:8]}-"
    return Differences(queue_visibility_s=_VISIBILITY_S, table_properties=NOT_IN_DYNAMODB_LOCAL, prefix=prefix)


def functions(public_url: str, issuer: Any, audience: str) -> dict[str, str]:
    """What the functions are told beside their resources. Waits can be set from outside, for tests."""
    waits = {f"IKO_WAIT_{name}_SECONDS": seconds for name, seconds in _WAITS.items()}
    return {
        "IKO_MODE": "local",
        "IKO_PUBLIC_URL": public_url,
        "IKO_PRIVACY_ADDRESS": PRIVACY_ADDRESS,
        **CONTROLLER,
        "IKO_OFFICER_ADDRESS": OFFICER_ADDRESS,
        "IKO_OPERATOR_ADDRESS": OPERATOR_ADDRESS,
        "IKO_SENDER_ADDRESS": SENDER_ADDRESS,
        "IKO_OIDC_ISSUER": issuer.url,
        "IKO_OIDC_JWKS_URL": issuer.jwks_url,
        "IKO_OIDC_AUDIENCE": audience,
        "IKO_OIDC_CLIENT_ID": "iko-local",
        "IKO_OIDC_OFFICER_AUDIENCE": OFFICER_AUDIENCE,
        "IKO_OIDC_OFFICER_AUTHORIZE_URL": issuer.sign_in.authorize_url,
        "IKO_OIDC_OFFICER_TOKEN_URL": issuer.sign_in.token_url,
        "IKO_BILLING_FUNCTION": "billing",
        "IKO_RETURN_HOSTS": os.environ.get("IKO_RETURN_HOSTS", _RETURN_HOSTS),
        **{name: os.environ.get(name, seconds) for name, seconds in waits.items()},
    }


def forget_settings() -> None:
    """Let the backend read its settings anew."""
    from chalicelib.connectors import http
    from chalicelib.connectors.mail import sending
    from chalicelib.core import settings
    from chalicelib.vault import aws, secrets

    settings.current.cache_clear()
    aws.reset()
    secrets.reset()
    http.reset()
    sending.reset()


def forget_cloud() -> None:
    """Drop what moto kept in this process."""
    from moto.core.base_backend import BackendDict

    BackendDict.reset()
