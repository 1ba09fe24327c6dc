"""AWS clients of this room and of the store above it: timeouts, bounded retries with jitter, two sessions.

`platform` signs with the function's role. `tenant` signs as the tenant that `acting_as` names, with STS credentials
that carry it as a session tag where IKO_TENANT_ROLE_ARN is set, and with the function's role where it is not; without
`acting_as` it refuses either way, so the setting changes nothing for the code.
"""

import contextlib
import functools
import json
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, cast

from chalicelib.core import clock, settings
from chalicelib.core.errors import Unavailable

if TYPE_CHECKING:
    import botocore.session

Signer = Literal["platform", "tenant"]
_tenant: ContextVar[str] = ContextVar("tenant")
_building = threading.Lock()
_REFRESH_BEFORE = 300  # seconds before expiry at which credentials are fetched anew
# A function that is called for its answer takes its own time, less than the 29 s of the HTTP function; and calling it again
# would do its work twice.
_INVOKED_READ_S, _INVOKED_ATTEMPTS = 24.0, 1


class NoTenant(RuntimeError):
    """A tenant's table was touched outside `acting_as`."""


@contextlib.contextmanager
def acting_as(tenant: str) -> Iterator[None]:
    """Sign every call to a tenant's table within the block as that tenant."""
    token = _tenant.set(tenant)
    try:
        yield
    finally:
        _tenant.reset(token)


def current_tenant() -> str:
    """Return the tenant that `acting_as` named. NoTenant outside of `acting_as`."""
    try:
        return _tenant.get()
    except LookupError as error:
        raise NoTenant("no tenant is being acted for") from error


@functools.cache
def session(signer: Signer = "platform") -> "botocore.session.Session":
    """Return the botocore session of this process and signer. Hooks registered on it see every call made through it."""
    import botocore.session  # noqa: PLC0415 - cold start

    made = botocore.session.get_session()
    if signer == "tenant":
        made._credentials = _tenant_credentials()  # noqa: SLF001 - botocore has no public setter for a provider object
    return made


def client(service: str, signer: Signer = "platform") -> Any:  # botocore's clients are made at run time: no static type
    """Return a thread-safe client, made once per process. Attempts and timeouts come from the settings."""
    return _client(service, signer)


@functools.cache
def _client(service: str, signer: Signer) -> Any:
    from botocore.config import Config  # noqa: PLC0415 - cold start

    here, invoking = settings.current(), service == "lambda"
    attempts = _INVOKED_ATTEMPTS if invoking else here.aws_attempts
    config = Config(
        connect_timeout=here.aws_connect_timeout,
        read_timeout=_INVOKED_READ_S if invoking else here.aws_read_timeout,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=20,
        # Rows are built by pynamodb and batches by us; to look through each of their values anew takes a tenth of a sync.
        parameter_validation=service != "dynamodb",
        # What a client uploads or downloads by itself goes to the region's own address, and S3 takes no older signature
        # where KMS encrypts a bucket.
        **({"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}} if service == "s3" else {}),
    )
    with _building:
        return session(signer).create_client(service, region_name=here.region, config=config)


def call(service: str, operation: str, signer: Signer = "platform", **arguments: Any) -> dict[str, Any]:
    """Call an AWS operation and return its answer.

    Unavailable if AWS refused the call or did not answer, after the client's own retries.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    try:
        answer: dict[str, Any] = getattr(client(service, signer), operation)(**arguments)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable from error
    return answer


def invoke(function: str, event: dict[str, Any]) -> Any:
    """Call one of our Lambda functions with an event, wait, and return the JSON document that it answers.

    Unavailable if the function cannot be called, fails, or runs out of time; its error text goes nowhere.
    """
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - cold start

    answer = call("lambda", "invoke", FunctionName=function, Payload=json.dumps(event).encode())
    try:
        payload = answer["Payload"].read()
    except BotoCoreError as error:
        raise Unavailable from error
    if answer.get("FunctionError"):
        raise Unavailable
    return json.loads(payload)


def reset() -> None:
    """Forget clients and sessions, so that the next call reads the settings anew. For tests that change the cloud."""
    _client.cache_clear()
    session.cache_clear()


def _tenant_credentials() -> Any:  # a subclass of a class that is imported late
    from botocore.credentials import Credentials, ReadOnlyCredentials  # noqa: PLC0415 - cold start

    class TenantCredentials(Credentials):
        """What botocore signs with: looked up per call by tenant; STS is asked once a tenant and hour."""

        def __init__(self) -> None:
            self.method, self.account_id = "tenant-session", None
            self._kept: dict[str, tuple[float, ReadOnlyCredentials]] = {}

        def get_frozen_credentials(self) -> ReadOnlyCredentials:
            tenant, role = current_tenant(), settings.current().tenant_role_arn
            if not role:
                own = session("platform").get_credentials()
                if own is None:
                    raise NoTenant("the function has no credentials")
                return own.get_frozen_credentials()
            kept = self._kept.get(tenant)
            if kept is None or kept[0] < clock.now().timestamp() + _REFRESH_BEFORE:
                answer = _assume(role, tenant)
                frozen = ReadOnlyCredentials(
                    answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], None
                )
                kept = self._kept[tenant] = (answer["Expiration"].timestamp(), frozen)
            return kept[1]

        @property
        def access_key(self) -> str:
            return str(self.get_frozen_credentials().access_key)

        @property
        def secret_key(self) -> str:
            return str(self.get_frozen_credentials().secret_key)

        @property
        def token(self) -> str | None:
            return cast("str | None", self.get_frozen_credentials().token)

    return TenantCredentials()


def _assume(role: str, tenant: str) -> dict[str, Any]:
    answer: dict[str, Any] = client("sts").assume_role(
        RoleArn=role,
        RoleSessionName=f"tenant-{tenant}"[:64],
        Tags=[{"Key": "tenant", "Value": tenant}],
        DurationSeconds=3600,
    )
    credentials: dict[str, Any] = answer["Credentials"]
    return credentials
