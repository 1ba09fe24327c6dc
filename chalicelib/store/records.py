"""The two bases of all records: TenantRecord (the tenant's session and key) and PlatformRecord (the function's role).

A record's plain attributes are its keys, lock, version and end of life; everything else is one payload, sealed for exactly this
item. Payloads open at their first use and not before, so reading a page's keys costs no decryption.
"""

import contextlib
import functools
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self, TypeVar, cast

from pydantic import BaseModel
from pynamodb.attributes import Attribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection.base import Connection, MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.constants import BINARY, NULL
from pynamodb.exceptions import DeleteError, DoesNotExist, GetError, PutError, PynamoDBException, QueryError
from pynamodb.indexes import AllProjection, LocalSecondaryIndex
from pynamodb.models import Model

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import SealBroken, Unavailable, VersionConflict
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.store import declaration
from chalicelib.store.attributes import IdAttribute, WholeAttribute
from chalicelib.store.declaration import Declaration
from chalicelib.vault import aws
from chalicelib.vault.keys import PLATFORM
from chalicelib.vault.sealing import SealContext, Sealed, seal, unseal

P = TypeVar("P", bound=BaseModel)
TTL_ATTRIBUTE = "expires_at"
# The second: another request's transaction over the row is under way, so whoever writes must read it again.
_OVERTAKEN = ("ConditionalCheckFailedException", "TransactionConflictException")


class NotSealed(TypeError):
    """Something else than a sealed payload was about to be stored. Does not show it."""


class SealedAttribute(Attribute[Sealed]):
    """Binary; takes nothing but what the vault sealed."""

    attr_type = BINARY

    def serialize(self, value: object) -> bytes:
        if not isinstance(value, Sealed):
            raise NotSealed("only a sealed payload can be stored")
        return value.ciphertext

    def deserialize(self, value: bytes) -> Sealed:
        return Sealed(bytes(value))


class _SharedClient(Connection):
    """PynamoDB's connection over the vault's client, so that one client a session signs, counts and retries."""

    signer: ClassVar[aws.Signer] = "platform"

    @property
    def client(self) -> Any:  # botocore's client class is made at run time
        return aws.client("dynamodb", self.signer)


class _TenantClient(_SharedClient):
    signer = "tenant"


class SealedRecord(Model):
    """Common to both bases. Subclasses set `declared`; a class without a complete one cannot be made: TypeError says what is
    missing."""

    class Meta:  # PynamoDB wants one; the connection takes the name from `table` and the settings
        table_name = ""

    declared: ClassVar[Declaration]
    table: ClassVar[str]  # the logical name, which the sealing context carries, so that a restored table opens
    tenant_scoped: ClassVar[bool]
    hash_name: ClassVar[str]
    is_base: ClassVar[bool] = True
    sk: Any  # each base declares it as its range key
    _own_connection: ClassVar[TableConnection | None] = None
    _opened: BaseModel | None = None

    # Moved by every write: what a write depends on. It begins with the time in milliseconds, so that a row which went and came
    # back is not taken for its former self.
    lock = WholeAttribute(default=1)
    version = WholeAttribute(default=1)  # what clients see as ETag: moved where something changes that they are shown
    sealed = SealedAttribute(null=True)
    expires_at = TTLAttribute(null=True)
    written = UnicodeAttribute(null=True)  # by which write, so that one which AWS's client sends twice knows its own

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if cls.__dict__.get("is_base"):
            return
        if "declared" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} declares neither kind nor life")
        unsaid = declaration.missing(cls.declared, tenant_scoped=cls.tenant_scoped)
        if unsaid:
            raise TypeError(f"{cls.__name__} is not declared completely. It does not say {'; '.join(unsaid)}.")

    @classmethod
    def build(
        cls, hash_key: str, sk: str, payload: BaseModel | None = None, *, ends: datetime | None = None, **plain: Any
    ) -> Self:
        """Return a record for this key with its payload sealed. `ends` is the time when it expires."""
        record = cls(hash_key, sk, lock=clock.milliseconds(clock.now()), version=1, expires_at=ends, **plain)
        if payload is not None:
            record.reseal(payload)
        return record

    @classmethod
    def from_raw_data(cls, data: dict[str, dict[str, Any]]) -> Self:
        """Return the row that DynamoDB gave. PynamoDB's own sets every default twice and every value through its descriptor,
        which takes three times as long: reading a range is mostly this."""
        record = cls.__new__(cls)
        record.attribute_values = values = {}
        for name, stored_name, attribute, default in _attributes_of(cls):
            stored = data.get(stored_name)
            if stored and NULL not in stored:
                values[name] = attribute.deserialize(attribute.get_value(stored))
            elif default is not None:
                values[name] = default() if callable(default) else default
        return record

    def move(self, by: int = 1, *, visible: bool) -> None:
        """Count a write of the row, which somebody is about to do; by -1: it was not done."""
        self.lock += by
        if visible:
            self.version += by

    @property
    def hash_value(self) -> str:
        return cast("str", getattr(self, self.hash_name))

    @property
    def scope(self) -> str:
        """Whose key seals the payload."""
        return self.hash_value if self.tenant_scoped else PLATFORM

    def _context(self) -> SealContext:
        return SealContext(self.scope, self.table, f"{self.hash_value}|{self.sk}")

    def reseal(self, payload: BaseModel) -> None:
        """Put another payload in; nothing is written yet."""
        self.sealed = seal(self._context(), payload.model_dump_json(exclude_defaults=True).encode())
        self._opened = payload

    def unsealed(self, kind: type[P]) -> P:
        """Return the payload. SealBroken if it was sealed for another item, KeyShredded if its key is gone."""
        if not isinstance(self._opened, kind):
            if self.sealed is None:
                raise NotSealed("the record has no payload")
            self._opened = kind.model_validate_json(unseal(self._context(), self.sealed))
        return self._opened

    @property
    def expired(self) -> bool:
        """DynamoDB deletes expired rows within days; readers must not see them meanwhile."""
        return self.expires_at is not None and self.expires_at <= clock.now()

    @classmethod
    def table_name(cls) -> str:
        """Return the table's physical name, from the settings."""
        names = settings.current().tables
        return cast(
            "str", getattr(names, "".join("_" + c.lower() if c.isupper() else c for c in cls.table).lstrip("_"))
        )

    @classmethod
    def _get_connection(cls) -> TableConnection:
        name = cls.table_name()
        kept = cls.__dict__.get("_own_connection")
        if kept is None or kept.table_name != name:
            schema = cls._get_schema()
            kept = TableConnection(name, region=settings.current().region)
            kept.connection = _TenantClient() if cls.tenant_scoped else _SharedClient()
            kept.connection.add_meta_table(
                MetaTable(
                    {
                        "TableName": name,
                        "KeySchema": schema["key_schema"],
                        "AttributeDefinitions": schema["attribute_definitions"],
                        "GlobalSecondaryIndexes": [
                            {"IndexName": i["index_name"], "KeySchema": i["key_schema"]}
                            for i in schema["global_secondary_indexes"]
                        ],
                        "LocalSecondaryIndexes": [
                            {"IndexName": i["index_name"], "KeySchema": i["key_schema"]}
                            for i in schema["local_secondary_indexes"]
                        ],
                    }
                )
            )
            cls._own_connection = kept
        return cast("TableConnection", kept)


@functools.cache
def _attributes_of(record: type[SealedRecord]) -> tuple[tuple[str, str, Attribute[Any], Any], ...]:
    """Each attribute of a class: its name, its name in the table, itself, and its default."""
    return tuple((name, each.attr_name, each, each.default) for name, each in record.get_attributes().items())


class TenantRecord(SealedRecord):
    """A row of one tenant, sealed with its key: PK `tenant`, SK `kind#owner code#id`."""

    is_base = True
    table = "TenantData"
    tenant_scoped = True
    hash_name = "tenant"

    tenant = IdAttribute[TenantId](hash_key=True)
    sk = IdAttribute[SortKey](range_key=True)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        shared = not cls.__dict__.get("is_base") and cls.declared.shared_by
        if shared and not issubclass(cls, SharedRecord):
            raise TypeError(f"{cls.__name__} is shared with colleagues and no SharedRecord")

    def sound(self, kind: type[P], event: str) -> P | None:
        """Return the payload; None, with a line `event` in the log, where its seal is broken: one row that cannot be read must
        not keep a walk from the others for ever."""
        try:
            return self.unsealed(kind)
        except SealBroken as error:
            log.failure(event, error, tenant=self.tenant, kind=self.declared.kind)
            return None


class ByShown(LocalSecondaryIndex["SharedRecord"]):
    """The rows alone of which colleagues may be shown something, whole, in the order of their keys. A row enters and leaves it
    with the write that makes it so, and reads of it are consistent."""

    class Meta:
        index_name = "by_shown"
        projection = AllProjection()

    tenant = IdAttribute[TenantId](hash_key=True)
    shown = IdAttribute[SortKey](range_key=True)


class Showing(Protocol):
    """A payload of which colleagues may be shown something."""

    def shows(self) -> bool:
        """Return whether it holds anything that colleagues are shown once its owner shares everything."""


class SharedRecord(TenantRecord):
    """A row of which colleagues may be shown something: `shown` is its sort key once more where its payload `shows` anything, and
    else not there."""

    is_base = True

    shown = IdAttribute[SortKey](null=True)
    by_shown = ByShown()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if not hasattr(cls.declared.payload, "shows"):
            raise TypeError(f"{cls.__name__}'s payload does not say whether it shows something to colleagues (shows)")

    def reseal(self, payload: BaseModel) -> None:
        """Put another payload in, and with it whether colleagues find the row; nothing is written yet."""
        super().reseal(payload)
        self.shown = self.sk if cast("Showing", payload).shows() else None


class PlatformRecord(SealedRecord):
    """A row of the platform, sealed with its key: PK `pk`, SK `sk`. Subclasses name their table."""

    is_base = True
    tenant_scoped = False
    hash_name = "pk"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


@contextlib.contextmanager
def signed(record: type[SealedRecord], hash_key: str) -> Iterator[None]:
    """Act as the tenant for a tenant's rows; name DynamoDB's failures."""
    try:
        with aws.acting_as(hash_key) if record.tenant_scoped else contextlib.nullcontext():
            yield
    except (PutError, DeleteError) as error:
        if error.cause_response_code in _OVERTAKEN:
            raise VersionConflict from error
        raise Unavailable from error
    except (GetError, QueryError) as error:
        raise Unavailable from error
    except PynamoDBException as error:
        if isinstance(error, DoesNotExist):
            raise
        raise Unavailable from error
