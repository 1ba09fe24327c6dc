"""Certificates: signed once an id, verifiable by the published keys, unknown ones not found."""

import json

import pytest
from jwcrypto import jwk, jws

from chalicelib.core.errors import NotFound
from chalicelib.domain.certificates import issue
from infra.local.cloud import Cloud


def test_the_first_statement_of_an_id_stands(cloud: Cloud) -> None:
    ident = issue.new_id()
    first = issue.issue(ident, {"typ": "erasure", "deleted": {"contact": 1}})
    assert issue.issue(ident, {"typ": "erasure", "deleted": {"contact": 9}}) == first == issue.read(ident)


def test_a_published_key_verifies_it_and_nothing_else(cloud: Cloud) -> None:
    ident = issue.new_id()
    compact = issue.issue(ident, {"typ": "erasure"})
    keys = jwk.JWKSet.from_json(json.dumps(issue.public_keys()))
    token = jws.JWS()
    token.deserialize(compact)
    key = keys.get_key(token.jose_header["kid"])
    token.verify(key)
    assert json.loads(token.payload)["jti"] == ident
    header, body, signature = compact.split(".")
    forged = jws.JWS()
    forged.deserialize(".".join((header, body[:-2] + ("AA" if body[-2:] != "AA" else "BB"), signature)))
    with pytest.raises(jws.InvalidJWSSignature):
        forged.verify(key)


def test_an_unknown_certificate_is_not_found(cloud: Cloud) -> None:
    with pytest.raises(NotFound):
        issue.read(issue.new_id())
