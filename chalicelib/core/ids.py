"""Opaque, prefixed, sortable ids.

A ULID (https://github.com/ulid/spec) is 26 characters of Crockford's base 32: 48 bits of milliseconds, 80 of randomness.
A member's private resources carry the owner code of their member in front of their ULID, so that an id alone
finds its row within the tenant: `con_` + owner code (10) + ULID (26). Those of contacts and companies, which colleagues are
shown, have the form of a ULID and no time in it.
"""

import base64
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from chalicelib.core import clock

TenantId = NewType("TenantId", str)  # `ten_` and a ULID
MemberId = NewType("MemberId", str)  # `mem_` and a ULID
OwnerCode = NewType("OwnerCode", str)  # of a member, within its tenant: the last characters of its id
SortKey = NewType("SortKey", str)  # of a row of a tenant's: `kind#owner code#...`

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET.encode())  # from RFC 4648's
OWNER_CODE_LENGTH = 10
_ULID_LENGTH = 26
_TIME_LENGTH = 10
_END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_ID = re.compile(r"\A[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26,36}\Z")


def base32(data: bytes) -> str:
    """Return Crockford's base 32 in lower case, most significant bit first, without padding."""
    return base64.b32encode(data).translate(_CROCKFORD, b"=").decode()


def ulid() -> str:
    """Return a new ULID in lower case: unique, and sorted by the millisecond of its making."""
    number = int(clock.now().timestamp() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(_ALPHABET[(number >> (5 * (_ULID_LENGTH - 1 - i))) & 31] for i in range(_ULID_LENGTH))


def ulid_floor(moment: datetime) -> str:
    """Return the smallest ULID of the millisecond. Older ones sort before it; its first 10 characters are the time."""
    number = int(moment.timestamp() * 1000)
    time = "".join(_ALPHABET[(number >> (5 * (_TIME_LENGTH - 1 - i))) & 31] for i in range(_TIME_LENGTH))
    return time.ljust(_ULID_LENGTH, "0")


def ulid_at(moment: datetime, like: str) -> str:
    """Return a ULID of the millisecond with the randomness of `like`: the same for the same arguments."""
    return ulid_floor(moment)[:_TIME_LENGTH] + like[_TIME_LENGTH:]


def timeless() -> str:
    """Return the last part of a new id that tells nothing, not even when it was made: 26 characters in a ULID's form."""
    return timeless_of(os.urandom(16))


def timeless_of(chance: bytes) -> str:
    """Return the same for 16 bytes: whoever does not know these takes it for one made by chance."""
    return base32((int.from_bytes(chance, "big") << 6).to_bytes(17, "big"))[:_ULID_LENGTH]


def new(prefix: str) -> str:
    """Return a new id such as `ten_01j…`, for a thing that no member owns."""
    return f"{prefix}_{ulid()}"


def new_tenant() -> TenantId:
    """Return a new tenant's id."""
    return TenantId(new("ten"))


def new_member() -> MemberId:
    """Return a new member's id."""
    return MemberId(new("mem"))


def secret(bits: int = 256) -> str:
    """Return a random text for links and tokens: base 32, lower case."""
    return base32(os.urandom(bits // 8))


def owner_code(member_id: MemberId) -> OwnerCode:
    """Return the short code of a member within its tenant: the last 50 random bits of its ULID."""
    return OwnerCode(member_id[-OWNER_CODE_LENGTH:])


def made_at(local: str) -> datetime:
    """Return the time when a ULID was made, to the millisecond. A forged ULID may say any time."""
    number = 0
    for character in local[:_TIME_LENGTH]:
        number = number << 5 | _ALPHABET.index(character)
    return datetime.fromtimestamp(min(number / 1000, _END_OF_TIME), UTC)


@dataclass(frozen=True)
class OwnedId:
    """A private resource's id, taken apart: `prefix` names the kind, `owner` is its member's owner code."""

    prefix: str
    owner: OwnerCode
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}_{self.owner}{self.local}"


def new_owned(prefix: str, member_id: MemberId, local: str | None = None) -> OwnedId:
    """Return a new id of a member's private resource. Pass `local` (26 characters) to get the same id each time."""
    return OwnedId(prefix, owner_code(member_id), local or ulid())


def parse_owned(text: str, prefix: str) -> OwnedId | None:
    """Return the parts of an id, or None if it is no id of this kind. Callers answer None as unknown."""
    expected = len(prefix) + 1 + OWNER_CODE_LENGTH + _ULID_LENGTH
    if len(text) != expected or not text.startswith(prefix + "_") or not _ID.match(text):
        return None
    body = text[len(prefix) + 1 :]
    return OwnedId(prefix, OwnerCode(body[:OWNER_CODE_LENGTH]), body[OWNER_CODE_LENGTH:])


def sort_key(kind: str, owner: OwnerCode, *rest: str) -> SortKey:
    """Return the sort key `kind#owner code#...` of a row."""
    return SortKey("#".join((kind, owner, *rest)))


def key_range(kind: str, owner: OwnerCode, *rest: str) -> str:
    """Return the prefix of all longer sort keys that begin with these parts."""
    return "#".join((kind, owner, *rest, ""))


def owned_of(prefix: str, sk: SortKey) -> OwnedId:
    """Return the id of the resource whose row has the sort key `kind#owner code#local`."""
    _, owner, local = sk.split("#")
    return OwnedId(prefix, OwnerCode(owner), local)


def kind_of(sk: SortKey) -> str:
    """Return the kind of the row with this sort key."""
    return sk.split("#", 1)[0]


def owner_of(sk: SortKey) -> OwnerCode:
    """Return the owner of the row with the sort key `kind#owner code#...`."""
    return OwnerCode(sk.split("#", 2)[1])


def is_id(text: str, prefix: str) -> bool:
    """Return whether the text has the form of an id of this kind."""
    return text.startswith(prefix + "_") and len(text) == len(prefix) + 1 + _ULID_LENGTH and bool(_ID.match(text))
