"""The operator's own credentials at providers, from AWS Secrets Manager: which function may read which is its policy's."""

import json
import threading

from chalicelib.core import clock
from chalicelib.vault import aws

_KEPT_S = 300  # a rotated secret is known to every process after this
_kept: dict[str, tuple[float, dict[str, str]]] = {}
_lock = threading.Lock()


def read(secret_id: str, *, fresh: bool = False) -> dict[str, str]:
    """Return the secret's fields, cached for five minutes per process. Unavailable if it cannot be read.

    `fresh` bypasses the cache, for use after a provider refused the fields.
    """
    kept = _kept.get(secret_id)
    if kept and not fresh and clock.monotonic() - kept[0] < _KEPT_S:
        return kept[1]
    text = aws.call("secretsmanager", "get_secret_value", SecretId=secret_id)["SecretString"]
    fields = {str(name): str(value) for name, value in json.loads(text).items()}
    with _lock:
        _kept[secret_id] = (clock.monotonic(), fields)
    return fields


def reset() -> None:
    """Forget what was read. For tests that change the cloud."""
    with _lock:
        _kept.clear()
