"""The environment, read in one place. `current()` is built at the first use and kept for the process."""

import functools
import os
from dataclasses import dataclass
from typing import Literal, cast

Mode = Literal["aws", "local"]


@dataclass(frozen=True)
class Tables:
    tenant_data: str
    tenant_keys: str
    credentials: str
    accounts: str
    directory: str
    privacy: str
    ledger: str
    jobs: str


@dataclass(frozen=True)
class Keys:
    """KMS key ids or ARNs."""

    tenant: str
    credentials: str
    platform: str
    subject: str
    signing: str


@dataclass(frozen=True)
class Queues:
    """SQS queue URLs."""

    work: str
    deletions: str
    inbound: str
    sync: str


@dataclass(frozen=True)
class Buckets:
    inbound: str
    imports: str
    exports: str
    replay: str  # the log of erasures and purges, outside the tables' backups


@dataclass(frozen=True)
class Oidc:
    issuer: str
    jwks_url: str
    audience: str
    client_id: str
    officer_audience: str


@dataclass(frozen=True)
class Waits:
    """Seconds. Production's floors are in the comments; `make run` and tests shorten them."""

    key_cache: int  # how long a process keeps a tenant's unwrapped key
    longest_function: int  # the longest Lambda timeout, for waits that outlast every write in flight
    second_pass: int  # production: longest_function + 300
    confirm_link: int  # how long a link of a privacy request lives
    reminder: int  # when an unconfirmed request gets its one reminder
    grace: int = 72 * 3600  # between the end of a paid period and the purge; production: at least 72 hours
    reread: int = 3600  # after a period's end, a subscription is read again: its webhook may have been lost
    lives: int = 86400  # between two passes over a tenant that delete what has outlived its life


@dataclass(frozen=True)
class PayPal:
    """PayPal's REST API. `secret` names the secret with client_id and client_secret."""

    url: str
    secret: str
    plan: str  # the billing plan that is subscribed to
    webhook: str  # the id that PayPal gave our webhook


@dataclass(frozen=True)
class Billing:
    """The operator's own Salesforce, for the billing function only, and how the HTTP function calls that one."""

    function: str  # name or ARN, for the HTTP function
    url: str  # of the operator's Salesforce, for the billing function
    secret: str  # names the secret with client_id and client_secret, for the billing function
    account_field: str = "IKO_Tenant__c"  # the external id field of Account that holds our tenant's id


@dataclass(frozen=True)
class Connectors:
    """What members connect. `secret` names the secret with our registration at each provider: google_client_id,
    google_client_secret, and so on. An empty URL is the provider's own; another one speaks its API for it."""

    secret: str
    google_url: str
    salesforce_url: str
    hubspot_url: str
    linkedin_url: str
    x_url: str
    gmail_topic: str  # the Pub/Sub topic that Gmail tells; empty: mailboxes are asked by schedule only
    gmail_push_account: str  # the service account that pushes to our webhook
    google_jwks_url: str  # where Google's keys are; empty: Google's own address


@dataclass(frozen=True)
class Sync:
    """Seconds."""

    every: int = 900  # between two passes over a connection
    stale: int = 86_400  # without a complete pass for so long, a connection is said to be stale
    full: int = 7 * 86_400  # between two passes over everything, which compare both sides


@dataclass(frozen=True)
class Settings:
    mode: Mode
    region: str
    public_url: str  # where clients and persons reach the API, without a slash at its end
    privacy_address: str
    sender_address: str
    tables: Tables
    keys: Keys
    queues: Queues
    buckets: Buckets
    oidc: Oidc
    waits: Waits
    paypal: PayPal
    billing: Billing
    connectors: Connectors
    sync: Sync = Sync()
    return_hosts: tuple[
        str, ...
    ] = ()  # where a checkout or a consent may send the browser back to, beside our own page
    app_url: str = ""  # where the web client is, without a slash at its end; empty: pages have no button to it
    tenant_role_arn: str = ""  # empty: tenant sessions sign with the function's own role
    aws_connect_timeout: float = 2.0
    aws_read_timeout: float = 10.0
    aws_attempts: int = 4

    @property
    def local(self) -> bool:
        return self.mode == "local"


class SettingMissing(RuntimeError):
    """An environment variable that the function needs is not set. Names the variable."""


def _need(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingMissing(f"the environment variable {name} is not set")
    return value


def _group(prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    # A function gets only what its policy lets it use; what is missing fails at its first use, by an empty name.
    return {name: os.environ.get(f"IKO_{prefix}_{name.upper()}", "") for name in names}


def _seconds(name: str, default: int) -> int:
    return int(os.environ.get(f"IKO_WAIT_{name}_SECONDS", str(default)))


def from_environment() -> Settings:
    """Settings from IKO_* and AWS_REGION. SettingMissing names what is not there."""
    mode = os.environ.get("IKO_MODE", "aws")
    if mode not in ("aws", "local"):
        raise SettingMissing("IKO_MODE must be aws or local")
    longest = _seconds("LONGEST_FUNCTION", 300)
    return Settings(
        mode=cast("Mode", mode),
        region=_need("AWS_REGION"),
        public_url=_need("IKO_PUBLIC_URL").rstrip("/"),
        privacy_address=_need("IKO_PRIVACY_ADDRESS"),
        sender_address=_need("IKO_SENDER_ADDRESS"),
        tables=Tables(**_group("TABLE", tuple(Tables.__annotations__))),
        keys=Keys(**_group("KEY", tuple(Keys.__annotations__))),
        queues=Queues(**_group("QUEUE", tuple(Queues.__annotations__))),
        buckets=Buckets(**_group("BUCKET", tuple(Buckets.__annotations__))),
        oidc=Oidc(**_group("OIDC", tuple(Oidc.__annotations__))),
        waits=Waits(
            key_cache=_seconds("KEY_CACHE", 300),
            longest_function=longest,
            second_pass=_seconds("SECOND_PASS", longest + 300),
            confirm_link=_seconds("CONFIRM_LINK", 7 * 86400),
            reminder=_seconds("REMINDER", 5 * 86400),
            grace=_seconds("GRACE", 72 * 3600),
            reread=_seconds("REREAD", 3600),
            lives=_seconds("LIVES", 86400),
        ),
        paypal=PayPal(**_group("PAYPAL", tuple(PayPal.__annotations__))),
        billing=Billing(
            **_group("BILLING", ("function", "url", "secret")),
            account_field=os.environ.get("IKO_BILLING_ACCOUNT_FIELD", "IKO_Tenant__c"),
        ),
        connectors=Connectors(**_group("CONNECTORS", tuple(Connectors.__annotations__))),
        sync=Sync(
            every=_seconds("SYNC_EVERY", 900),
            stale=_seconds("SYNC_STALE", 86_400),
            full=_seconds("SYNC_FULL", 7 * 86_400),
        ),
        return_hosts=tuple(host.strip() for host in os.environ.get("IKO_RETURN_HOSTS", "").split(",") if host.strip()),
        app_url=os.environ.get("IKO_APP_URL", "").rstrip("/"),
        tenant_role_arn=os.environ.get("IKO_TENANT_ROLE_ARN", ""),
    )


def cors_origin() -> str:
    """The origin that browsers may call from. Apart from the rest: routes register before the settings are complete, as
    when the package is made."""
    return os.environ.get("IKO_CORS_ORIGINS", "*").split(",")[0]


@functools.cache
def current() -> Settings:
    """The settings of this process."""
    return from_environment()
