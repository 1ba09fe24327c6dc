"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same key and request do their work once within 24 hours.

Kept are the request's hash, the answer's status and the resource's id; a repetition is rendered afresh, so nothing personal
is stored twice. 410 where the resource is gone, 422 where the key comes with another request, 409 while the first runs.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.core import clock, ids
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Gone, IkoError, NotFound, Unprocessable, VersionConflict
from chalicelib.store import rows
from chalicelib.store.idempotency import OncePayload, OnceRecord
from chalicelib.vault import tags

if TYPE_CHECKING:
    from chalicelib.api.http import Call, Reply

_LIFE = timedelta(hours=24)
_GIVEN_UP = timedelta(seconds=60)  # longer than any request runs (29 s): its claim was left by a process that died


def once(call: "Call", view: Callable[["Call"], "Reply"], replay: Callable[["Call", str], "Reply"]) -> "Reply":
    """Return the view's reply, or render the earlier reply again."""
    record = _claim(call)
    payload = record.unsealed(OncePayload)
    if payload.status:
        return _again(call, payload, replay)
    try:
        reply = view(call)
    except IkoError:
        rows.delete_if_unchanged(record)  # nothing was done: the client may send the same key again
        raise
    record.reseal(
        payload.model_copy(update={"status": reply.status or call.endpoint.status, "resource": reply.resource})
    )
    rows.put_if_unchanged(record)
    return reply


def _claim(call: "Call") -> OnceRecord:
    actor = call.actor
    key = tags.natural_key(actor.tenant, f"once\0{actor.member}\0{call.idempotency_key}")
    wanted = hashlib.sha256(
        b"\0".join(
            (
                call.endpoint.method.encode(),
                call.endpoint.path.encode(),
                repr(sorted(call.path.items())).encode(),
                repr(sorted(call.raw_query.items())).encode(),
                call.raw_body,
            )
        )
    ).hexdigest()
    payload = OncePayload(request_hash=wanted, claimed_at=clock.rfc3339(clock.now()))
    record = OnceRecord.build(actor.tenant, ids.sort_key("once", actor.code, key), payload, ends=clock.now() + _LIFE)
    try:
        rows.put_new(record)
    except VersionConflict:
        return _earlier(record, payload)
    return record


def _earlier(record: OnceRecord, payload: OncePayload) -> OnceRecord:
    kept = rows.get(OnceRecord, record.tenant, record.sk)
    if kept is None:  # expired, and not yet deleted by DynamoDB: write over it
        raise Conflict("Send the request again.", code=Code.IDEMPOTENCY_IN_PROGRESS)
    before = kept.unsealed(OncePayload)
    if before.request_hash != payload.request_hash:
        raise Unprocessable(
            detail="This Idempotency-Key was used for another request. Choose a new key.",
            code=Code.IDEMPOTENCY_KEY_REUSED,
        )
    if before.status:
        return kept
    if clock.now() - clock.parse_rfc3339(before.claimed_at) < _GIVEN_UP:
        raise Conflict(
            "The first request with this key is still running. Try again in a moment.",
            code=Code.IDEMPOTENCY_IN_PROGRESS,
        )
    kept.reseal(payload)
    rows.put_if_unchanged(kept)
    return kept


def _again(call: "Call", payload: OncePayload, replay: Callable[["Call", str], "Reply"]) -> "Reply":
    try:
        reply = replay(call, payload.resource)
    except NotFound as error:
        raise Gone("What this request created no longer exists.") from error
    reply.status = payload.status
    reply.headers["Idempotency-Replayed"] = "true"
    return reply
