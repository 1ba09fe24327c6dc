"""`make verify-certificate FILE=cert.jws`: what a certificate states, and whether its signature holds. Never uses the network.

Exit 0 where the signature holds (and, where ADDRESS and SALT are given, the certificate means that address), else 1.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier

TYPE = "iko-certificate+jws"
_LARGEST = 100_000  # bytes of a file; a certificate has under 4,000
_KINDS = {"erasure": "a person's data was erased", "purge": "a workspace was deleted"}
_SAID_ELSEWHERE = {"typ", "iss", "jti", "iat", "scope", "searched_kinds", "kept", "limits"}


class CannotTell(Exception):
    """A sentence for whoever runs it."""


def main(arguments: list[str] | None = None) -> int:
    """Prints the verdict and what the certificate states."""
    parser = argparse.ArgumentParser(prog="make verify-certificate", description=__doc__)
    parser.add_argument("file", help="the certificate, as its link gives it")
    parser.add_argument("--keys", default="", help="the public keys (a JWK set); jwks.json beside the file without it")
    parser.add_argument("--address", default="", help="whether the certificate means this address (needs the salt)")
    parser.add_argument("--salt", default="", help="the salt of the closing mail")
    given = parser.parse_args(arguments)
    try:
        return _verify(given)
    except CannotTell as sentence:
        print(sentence)
        return 1


def _verify(given: argparse.Namespace) -> int:
    if not given.file:
        raise CannotTell("Name the certificate: make verify-certificate FILE=cert.jws")
    path = Path(given.file)
    compact = _read(path)
    header, statement = _parts(compact, path)
    if bool(given.address) != bool(given.salt):
        raise CannotTell("ADDRESS and SALT go together: the salt stands in the mail that closed the request.")
    keys = Path(given.keys) if given.keys else path.with_name("jwks.json")
    if not given.keys and not keys.exists():
        raise CannotTell(_where_keys_are(statement, keys))
    trouble = _trouble(compact, header, keys)
    print("VALID: the signature holds." if trouble is None else f"NOT VALID: {trouble}")
    print(f"key {_text(header.get('kid'))}, algorithm {_text(header.get('alg'))}, keys from {keys}\n")
    print("What it states:" if trouble is None else "What it states, which nobody vouches for:")
    for line in _told(statement):
        print(f"  {line}")
    if given.address:
        means = _means(statement, given.address, given.salt)
        print(f"\n{'It means' if means else 'It does NOT mean'} the address that you named.")
        return 0 if means and trouble is None else 1
    return 0 if trouble is None else 1


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()[: _LARGEST + 1]
    except OSError as error:
        raise CannotTell(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST:
        raise CannotTell(f"{path} is too large to be a certificate or its keys.")
    try:
        return content.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise CannotTell(f"{path} is no certificate and no key set: it holds more than plain letters.") from error


def _parts(compact: str, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and statement, nothing of it verified."""
    try:
        header, statement, _ = (part for part in compact.split("."))
        opened = [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (header, statement)]
    except (ValueError, binascii.Error, RecursionError) as error:
        raise CannotTell(f"{path} is no certificate: it must be one line of three parts with dots between.") from error
    if not all(isinstance(part, dict) for part in opened):
        raise CannotTell(f"{path} is no certificate: its parts are no JSON objects.")
    return opened[0], opened[1]


def _where_keys_are(statement: dict[str, Any], beside: Path) -> str:
    source = f"{_text(statement.get('iss', 'the address of the service'))}/.well-known/jwks.json"
    return (
        f"The public keys are missing, and nothing is fetched by itself. Download {source} (see that it is the "
        f"address you know), save it as {beside}, or name another file: KEYS=keys.json"
    )


def _trouble(compact: str, header: dict[str, Any], keys: Path) -> str | None:
    """Why the signature does not hold; None where it does. CannotTell where the keys cannot be read."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey

    try:
        listed = json.loads(_read(keys))["keys"]
        found = [each for each in listed if each["kid"] == header.get("kid")]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotTell(f'{keys} holds no public keys: it must be a JWK set, {{"keys": [...]}}.') from error
    if header.get("typ") != TYPE:
        return f"it is signed as something else than a certificate ({_text(header.get('typ'))})."
    if not found:
        return "the key that it names is not among the public keys."
    try:
        jws.deserialize_compact(compact, ECKey.import_key(found[0]), algorithms=["ES256"])
    except (JoseError, ValueError, KeyError, TypeError):
        return "the signature does not fit: the text was changed, or another key signed it."
    return None


def _told(statement: dict[str, Any]) -> Iterator[str]:
    kind = _text(statement.get("typ"))
    yield f"{_KINDS.get(kind, kind)}, says {_text(statement.get('iss'))}"
    yield f"certificate: {_text(statement.get('jti'))}"
    for name, value in statement.items():
        if name not in _SAID_ELSEWHERE:
            yield f"{_text(name).replace('_', ' ')}: {_value(value)}"
    if "searched_kinds" in statement:
        yield _searched(_text(statement["searched_kinds"]))
    if isinstance(statement.get("scope"), list):
        count = len(statement["scope"])
        yield f"it means {count} address{'es' if count != 1 else ''}, as SHA-256 of a secret salt and the address"
    for kept in statement.get("kept") or ():
        yield f"kept: {_value(kept)}"
    if "limits" in statement:
        yield f"limits: {_text(statement['limits'])}"


def _searched(version: str) -> str:
    """What was searched, by the version of the list of record kinds, and whether that is this copy's list."""
    from chalicelib.domain import kinds
    from chalicelib.store import declaration

    same = version == declaration.version(record.declared for record in kinds.RECORDS)
    return f"searched: the record kinds of list {version}, which is {'that' if same else 'not that'} of this copy of the code"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            ", ".join(f"{_text(name).replace('_', ' ')}: {_value(each)}" for name, each in value.items()) or "nothing"
        )
    if isinstance(value, list):
        return "; ".join(map(_value, value)) or "none"
    return _text(value)


def _text(value: Any) -> str:
    """What a terminal can show without being steered by it."""
    return "".join(character if character.isprintable() else "?" for character in str(value))


def _means(statement: dict[str, Any], address: str, salt: str) -> bool:
    try:
        exact = EmailAddress.parse(address).exact
    except InvalidIdentifier as error:
        raise CannotTell("ADDRESS is no e-mail address.") from error
    hashed = hashlib.sha256((salt.strip() + exact).encode()).hexdigest()
    return any(isinstance(each, dict) and each.get("sha256") == hashed for each in statement.get("scope") or ())


if __name__ == "__main__":
    sys.exit(main())
