"""The environment, read in one place. `current()` is built at the first use and kept for the process.

Each setting is an environment variable, named by the pattern of its group and the field in capitals: `tables.ledger` is
IKO_TABLE_LEDGER. An empty variable counts as not set. Why not pydantic-settings: docs/dependencies.md.
"""

import functools
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

Mode = Literal["aws", "local"]
_GIVEN = "given"


class InvalidSettings(RuntimeError):
    """Settings that a function cannot work with. Its text names every variable that is missing or wrong."""


def _split(text: object) -> object:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]  # in the environment separated by commas
Url = Annotated[str, AfterValidator(lambda url: url.rstrip("/"))]  # without a slash at its end
Seconds = Annotated[int, Field(ge=0)]
# A name that infra/wiring.yaml gives to those functions only whose policy lets them use it; in local mode one process has all.
Given = Annotated[str, _GIVEN]


class Group(BaseModel):
    """Settings whose variables are named alike. To use one that this function is not given is InvalidSettings."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    variable: ClassVar[str]

    @classmethod
    def variable_of(cls, field: str) -> str:
        """Return the name of a field's environment variable."""
        return cls.variable.format(field.upper())

    @classmethod
    def variables(cls) -> Iterator[str]:
        """Yield the names of all fields' environment variables, those of groups within too."""
        for field, info in cls.model_fields.items():
            if inner := _group(info):
                yield from inner.variables()
            else:
                yield cls.variable_of(field)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> dict[str, Any]:
        """Return what the environment says of each field; a group within says its own."""
        told: dict[str, Any] = {}
        for field, info in cls.model_fields.items():
            if inner := _group(info):
                told[field] = inner.read(environ)
            elif value := environ.get(cls.variable_of(field), "").strip():
                told[field] = value
        return told

    def not_given(self) -> Iterator[str]:
        """Yield the variables that are for other functions."""
        for field, info in type(self).model_fields.items():
            if _group(info):
                yield from getattr(self, field).not_given()
            elif _GIVEN in info.metadata and field not in self.model_fields_set:
                yield self.variable_of(field)

    def model_post_init(self, _context: Any) -> None:
        for field, info in type(self).model_fields.items():
            if _GIVEN in info.metadata and field not in self.model_fields_set:
                del self.__dict__[field]  # a use of it comes to __getattr__

    if not TYPE_CHECKING:  # a type checker would take every name for one of ours

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise InvalidSettings(_missing([self.variable_of(name)]))
            return super().__getattr__(name)


class Tables(Group):
    variable = "IKO_TABLE_{}"

    tenant_data: Given = ""
    tenant_keys: Given = ""
    credentials: Given = ""
    accounts: Given = ""
    directory: Given = ""
    privacy: Given = ""
    ledger: Given = ""
    jobs: Given = ""


class Keys(Group):
    """KMS key ids or ARNs."""

    variable = "IKO_KEY_{}"

    tenant: Given = ""
    credentials: Given = ""
    platform: Given = ""
    subject: Given = ""
    signing: Given = ""


class Queues(Group):
    """SQS queue URLs."""

    variable = "IKO_QUEUE_{}"

    work: Given = ""
    deletions: Given = ""
    sync: Given = ""


class Buckets(Group):
    variable = "IKO_BUCKET_{}"

    inbound: Given = ""
    imports: Given = ""
    exports: Given = ""
    feeds: Given = ""  # files of people from public sources, for the function that reads them
    replay: Given = ""  # the log of erasures, purges and privacy settings, outside the tables' backups


class Oidc(Group):
    variable = "IKO_OIDC_{}"

    issuer: str
    jwks_url: str
    audience: str
    client_id: str
    officer_audience: str
    officer_authorize_url: str  # where the officer's browser signs in at the desk
    officer_token_url: str  # where the desk exchanges the code that it comes back with
    officer_client_id: str = ""  # the desk's, a public client with PKCE; empty: the officer's audience


class Waits(Group):
    """Seconds. Production's floors are in the comments; `make run` and tests shorten them."""

    variable = "IKO_WAIT_{}_SECONDS"

    key_cache: Seconds = 300  # how long a process keeps a tenant's unwrapped key
    longest_function: Seconds = 300  # the longest Lambda timeout, for waits that outlast every write in flight
    lease: Seconds = Field(
        default_factory=lambda told: int(told["longest_function"]) + 30
    )  # how long a worker has a piece of due work; production: no less, so that its function has ended by then
    second_pass: Seconds = Field(
        default_factory=lambda told: int(told["longest_function"]) + 300
    )  # production: no less
    confirm_link: Seconds = 7 * 86_400  # how long a link of a privacy request lives
    reminder: Seconds = 5 * 86_400  # when an unconfirmed request gets its one reminder
    needs_more: Seconds = 30 * 86_400  # how long a person has to answer what our officer asked
    grace: Seconds = 72 * 3600  # between the end of a paid period and the purge; production: at least 72 hours
    reread: Seconds = 3600  # after a period's end, a subscription is read again: its webhook may have been lost
    lives: Seconds = 86_400  # between two passes over a tenant that delete what has outlived its life


class PayPal(Group):
    """PayPal's REST API. `secret` names the secret with client_id and client_secret."""

    variable = "IKO_PAYPAL_{}"

    secret: Given = ""
    url: str = ""
    plan: str = ""  # the billing plan that is subscribed to
    webhook: str = ""  # the id that PayPal gave our webhook


class Billing(Group):
    """The operator's own Salesforce, for the billing function only, and how the HTTP function calls that one."""

    variable = "IKO_BILLING_{}"

    function: Given = ""  # name or ARN, for the HTTP function
    url: Given = ""  # of the operator's Salesforce, for the billing function
    secret: Given = ""  # names the secret with client_id and client_secret, for the billing function
    account_field: str = "IKO_Tenant__c"  # the external id field of Account that holds our tenant's id


class Connectors(Group):
    """What members connect. `secret` names the secret with our registration at each provider: google_client_id,
    google_client_secret, and so on. An empty URL is the provider's own; another one speaks its API for it."""

    variable = "IKO_CONNECTORS_{}"

    secret: Given = ""
    google_url: str = ""
    salesforce_url: str = ""
    hubspot_url: str = ""
    linkedin_url: str = ""
    x_url: str = ""
    gmail_topic: str = ""  # the Pub/Sub topic that Gmail tells; empty: mailboxes are asked by schedule only
    gmail_push_account: str = ""  # the service account that pushes to our webhook
    google_jwks_url: str = ""  # where Google's keys are; empty: Google's own address


class Sync(Group):
    variable = "IKO_WAIT_SYNC_{}_SECONDS"

    every: Seconds = 900  # between two passes over a connection
    stale: Seconds = 86_400  # without a complete pass for so long, a connection is said to be stale
    full: Seconds = 7 * 86_400  # between two passes over everything, which compare both sides


class Settings(Group):
    variable = "IKO_{}"

    mode: Mode = "aws"
    region: str
    public_url: Url  # where clients and persons reach the API
    privacy_address: str
    sender_address: str
    controller_name: (
        str  # who answers to persons for what is done with their data, and its postal address: in each mail to them
    )
    controller_address: str
    officer_address: str  # the mailbox of the privacy officer, who is reminded of what is due
    operator_address: str = (
        ""  # who is told of money that cannot be given back, and of overdue requests; empty: alarms alone tell
    )
    tables: Tables
    keys: Keys
    queues: Queues
    buckets: Buckets
    oidc: Oidc
    waits: Waits
    paypal: PayPal
    billing: Billing
    connectors: Connectors
    sync: Sync
    cors_origins: Names = ("*",)  # the web clients that browsers may call from; "*": any
    return_hosts: Names = ()  # where a checkout or a consent may send the browser back to, beside our own page
    app_url: Url = ""  # where the web client is; empty: pages have no button to it
    tenant_role_arn: str = ""  # empty: tenant sessions sign with the function's own role
    aws_connect_timeout: float = 2.0
    aws_read_timeout: float = 10.0
    aws_attempts: int = 4

    @classmethod
    def variable_of(cls, field: str) -> str:
        """Return the name of a field's environment variable; of the region it is AWS's own."""
        return "AWS_REGION" if field == "region" else super().variable_of(field)

    @property
    def local(self) -> bool:
        return self.mode == "local"


def _group(info: FieldInfo) -> type[Group] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Group) else None


def _missing(variables: list[str]) -> str:
    return f"These environment variables are not set: {', '.join(variables)}."


def _said(error: ValidationError) -> str:
    """Every variable that is missing or wrong, without the value that it has."""
    missing, wrong = list[str](), list[str]()
    for each in error.errors(include_input=False, include_url=False):
        group: type[Group] = Settings
        *path, field = (str(part) for part in each["loc"])
        for part in path:
            group = _group(group.model_fields[part]) or group
        if each["type"] == "missing":
            missing.append(group.variable_of(field))
        else:
            wrong.append(f"{group.variable_of(field)} is wrong: {each['msg']}.")
    return " ".join([*([_missing(missing)] if missing else []), *wrong])


def from_environment() -> Settings:
    """Return the settings that the environment says. InvalidSettings names all variables that are missing or wrong."""
    try:
        made = Settings.model_validate(Settings.read(os.environ))
    except ValidationError as error:
        raise InvalidSettings(_said(error)) from None
    if made.local and (missing := list(made.not_given())):
        raise InvalidSettings(_missing(missing))
    return made


@functools.cache
def current() -> Settings:
    """Return the settings of this process. InvalidSettings as above."""
    return from_environment()


def check_at_start() -> None:
    """Let a deployed function without its settings not start. InvalidSettings as above; elsewhere they are read at their use."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        current()
