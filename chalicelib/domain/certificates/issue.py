"""Issue and publish certificates: compact JWS (ES256) that any JOSE library verifies offline with our published keys."""

import base64
import json
from typing import Any

from chalicelib.core import ids, settings
from chalicelib.core.errors import NotFound, VersionConflict
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.records import (
    CertificatePayload,
    CertificateRecord,
    SigningKeyPayload,
    SigningKeyRecord,
)
from chalicelib.store import rows
from chalicelib.vault import signing

_SK = "certificate"
BACKUP_DAYS = 7  # point-in-time recovery of the tables in infra/resources.yaml: a certificate says when it ends


def new_id() -> str:
    """Return 128 random bits: a certificate's address says nothing and cannot be guessed."""
    return ids.secret(128)


def issue(certificate_id: str, statement: dict[str, Any]) -> str:
    """Sign the statement, keep it, in the replay log too, and return the JWS. Repeated for the same id, the first one
    stands."""
    kept = rows.get(CertificateRecord, f"certificate#{certificate_id}", _SK)
    if kept:
        jws = kept.unsealed(CertificatePayload).jws
    else:
        _publish_key()
        body = {"iss": settings.current().public_url, "jti": certificate_id, **statement}
        jws = signing.sign_jws(json.dumps(body, separators=(",", ":")).encode(), "iko-certificate+jws")
        if not put_back(certificate_id, jws):
            jws = read(certificate_id)
    replay_log.note_certificate(certificate_id, jws, str(statement.get("request", "")))
    return jws


def put_back(certificate_id: str, jws: str) -> bool:
    """Keep a certificate that was signed; return whether it was not there yet."""
    try:
        rows.put_new(CertificateRecord.build(f"certificate#{certificate_id}", _SK, CertificatePayload(jws=jws)))
    except VersionConflict:
        return False
    return True


def is_kept(certificate_id: str) -> bool:
    """Return whether a certificate of the id was given."""
    return rows.get(CertificateRecord, f"certificate#{certificate_id}", _SK) is not None


def read(certificate_id: str) -> str:
    """Return the JWS of a certificate. NotFound where there is none."""
    kept = rows.get(CertificateRecord, f"certificate#{certificate_id}", _SK)
    if kept is None:
        raise NotFound
    return kept.unsealed(CertificatePayload).jws


def statement(certificate_id: str) -> dict[str, Any]:
    """Return what a certificate states. NotFound where there is none."""
    body = read(certificate_id).split(".")[1]
    stated: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return stated


def public_keys() -> dict[str, Any]:
    """Return the JWK set (RFC 7517) of every key that ever signed, the present one included."""
    _publish_key()
    return {"keys": [row.unsealed(SigningKeyPayload).jwk for row in rows.every(SigningKeyRecord, "jwks", "")]}


def _publish_key() -> None:
    jwk = signing.public_jwk(settings.current().keys.signing)
    if rows.get(SigningKeyRecord, "jwks", jwk["kid"]) is None:
        try:
            rows.put_new(SigningKeyRecord.build("jwks", jwk["kid"], SigningKeyPayload(jwk=jwk)))
        except VersionConflict:
            return  # another process published it at the same moment
