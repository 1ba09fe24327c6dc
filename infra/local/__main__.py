"""`make run`: the whole backend on this machine, until Ctrl-C."""

import errno
import fcntl
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

STATE = Path(".local")
WRITTEN = STATE / "cloud.json"


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


def main() -> int:
    """Run until a signal comes; 0 after a clean stop, 1 where it could not start (with a sentence)."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(
                "make run is already up in this checkout: use it (see .local/cloud.json), or stop it with Ctrl-C first."
            )
            return 1
        WRITTEN.unlink(missing_ok=True)  # of a run that was killed
        return _run()


def _port() -> int | None:
    text = os.environ.get("PORT") or "8000"
    return int(text) if text.isdigit() and int(text) < 65536 else None  # noqa: PLR2004 - the last port


def _run() -> int:
    began = time.monotonic()
    port = _port()
    if port is None:
        say("PORT must be a number from 0 to 65535.")
        return 1
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    say("starting the local cloud")
    from infra.local.cloud import Cloud
    from infra.simulators.providers import GIVEN

    given = {name: value for name, value in os.environ.items() if name.startswith(GIVEN) and value}
    cloud = Cloud(port=port, say=say, given=given)
    try:
        cloud.start()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is taken by another program: stop it, or" if error.errno == errno.EADDRINUSE else "is not ours to take:"
        say(f"port {port} {why} choose another port, for example PORT=8001 make run")
        return 1
    try:
        _serve(cloud, began, stop)
    finally:
        say("stopping")
        WRITTEN.unlink(missing_ok=True)
        cloud.stop()
    return 0


def _serve(cloud: Any, began: float, stop: threading.Event) -> None:
    members: list[dict[str, Any]] = []
    if os.environ.get("SEED", "1") != "0" and not stop.is_set():
        from infra.local.seed import seed

        say("seeding four demo workspaces")
        members = seed(cloud)
        cloud.connectors.seed()
    _write(cloud, members)
    say(_summary(cloud, members, time.monotonic() - began))
    stop.wait()


def _write(cloud: Any, members: list[dict[str, Any]]) -> None:
    from chalicelib.domain.directory.feed_files import PREFIX

    document = {
        "api": cloud.url,
        "aws": cloud.aws_url,
        "region": os.environ["AWS_REGION"],
        "members": members,
        "inbound_mail": {
            "bucket": cloud.outputs["InboundBucketName"],
            "prefix": "",
            "topic_arn": cloud.outputs["InboundTopicArn"],
        },
        "directory_feed": {"bucket": cloud.outputs["FeedsBucketName"], "prefix": PREFIX},
        "privacy_address": os.environ["IKO_PRIVACY_ADDRESS"],
        "sent_mail": cloud.sent_mail_url,
        "oidc": {"token_url": cloud.issuer.token_url},
        "officer": _officer(cloud),
        "providers": {
            "google": os.environ["IKO_CONNECTORS_GOOGLE_URL"],
            "salesforce": os.environ["IKO_CONNECTORS_SALESFORCE_URL"],
            "hubspot": os.environ["IKO_CONNECTORS_HUBSPOT_URL"],
            "paypal": cloud.paypal.url,
            "social": cloud.connectors.social.url,
        },
    }
    fresh = STATE / "cloud.json.new"
    fresh.write_text(json.dumps(document, indent=2) + "\n")
    fresh.replace(WRITTEN)


def _officer(cloud: Any) -> dict[str, str]:
    """The privacy officer, signed in for its own audience, and where its requests are."""
    from infra.local.environment import OFFICER_ADDRESS, OFFICER_AUDIENCE

    token = cloud.issuer.token(OFFICER_ADDRESS, aud=OFFICER_AUDIENCE)
    return {
        "token": token,
        "email": OFFICER_ADDRESS,
        "audience": OFFICER_AUDIENCE,
        "requests": f"{cloud.url}/officer/requests",
        "desk": f"{cloud.url}/officer",
    }


def _summary(cloud: Any, members: list[dict[str, Any]], seconds: float) -> str:
    lines = [
        "",
        f"IKO is up after {seconds:.1f} s.",
        f"  API          {cloud.url}",
        f"  reference    {cloud.url}/docs",
        f"  privacy page {cloud.url}/privacy",
        f"  sent mails   {cloud.sent_mail_url}",
        f"  AWS          {cloud.aws_url} (moto; any access key)",
        "  all of it    .local/cloud.json, with a token for each demo member:",
        *(f"    {member['email']} ({member['role']} of {member['tenant']})" for member in members),
        f"  officer desk {cloud.url}/officer (sign in as officer@iko.example; no password here)",
        "Ctrl-C stops it; nothing is kept.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
