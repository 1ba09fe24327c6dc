"""The whole backend in one process: moto as the cloud, the template's resources, the API behind its gateway, the workers."""

import importlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.oidc import LocalIssuer
from infra.local.poller import Consumer, Workers, poll_once
from infra.local.template import load

REGION = "eu-west-1"
PRIVACY_ADDRESS = "privacy@iko.example"
SENDER_ADDRESS = "IKO Privacy <no-reply@iko.example>"
_WIRING = Path(__file__).resolve().parents[1] / "wiring.yaml"
_DRAIN_ROUNDS = 400


class NeverIdle(RuntimeError):
    """The queues did not run empty within the round limit."""


class Cloud:
    """Start it once a process. `port` 0 takes any free one; `workers` False leaves queues and schedules to `drain`."""

    def __init__(self, *, port: int = 0, workers: bool = True, say: Callable[[str], None] = lambda _: None) -> None:
        self._port, self._with_workers, self._say = port, workers, say
        self._workers: Workers | None = None
        self.outputs: dict[str, str] = {}

    def start(self) -> None:
        """Everything up and reachable when it returns."""
        self._start_aws()
        self._say("making the resources of infra/resources.yaml")
        from infra.local.provision import Provisioner, environment

        real = bool(os.environ.get("IKO_DYNAMODB_ENDPOINT"))
        self.outputs = Provisioner(REGION, real_dynamodb=real).make()
        os.environ.update(environment(self.outputs))
        self.issuer = LocalIssuer("iko-api")
        self._bind_api()
        os.environ.update(self._own_environment())
        self._forget_settings()
        self._start_mail()
        self._say("loading the app")
        self._module = importlib.import_module("app")
        self._start_api()
        self.consumers = self._consumers()
        if self._with_workers:
            self._workers = Workers(lambda: self.client("sqs"), self.consumers, self.tick)
            self._workers.start()

    def stop(self) -> None:
        """End workers, API and cloud. Nothing is kept."""
        if self._workers:
            self._workers.stop()
        self._http.close()
        self._control.shutdown()
        self.issuer.stop()
        self._moto.stop()

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, with its own session (boto3's default one is not safe across threads)."""
        import boto3

        return boto3.session.Session().client(service, region_name=REGION)

    def tick(self) -> None:
        """Run every schedule once."""
        for source in self._module.app.event_sources:
            if type(source).__name__ == "ScheduledEventConfig":
                self._run_schedule(source.name.rsplit("-event", 1)[0])

    def drain(self) -> int:
        """Run schedules and queues until nothing moves; how many messages were handled. NeverIdle past the limit."""
        sqs, handled, quiet = self.client("sqs"), 0, 0
        for _ in range(_DRAIN_ROUNDS):
            self.tick()
            moved = sum(poll_once(sqs, consumer) for consumer in self.consumers)
            handled += moved
            quiet = 0 if moved else quiet + 1
            if quiet > 1:
                return handled
        raise NeverIdle("the queues do not run empty")

    def advance(self, seconds: float) -> None:
        """Move the backend's clock forward."""
        from chalicelib.core import clock

        clock.advance(seconds)

    def sent_mail(self) -> list[dict[str, Any]]:
        """Every mail that was sent, oldest first."""
        from infra.local import sentmail

        return sentmail.sent(REGION)

    def _start_aws(self) -> None:
        os.environ.update(
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",  # noqa: S106 - any value is accepted
            AWS_DEFAULT_REGION=REGION,
            AWS_REGION=REGION,
            AWS_EC2_METADATA_DISABLED="true",
            MOTO_ALLOW_NONEXISTENT_REGION="false",
        )
        for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
            os.environ.pop(name, None)
        from moto.server import ThreadedMotoServer

        self._moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._moto.start()
        host, port = self._moto.get_host_and_port()
        self.aws_url = f"http://{host}:{port}"
        os.environ["AWS_ENDPOINT_URL"] = self.aws_url
        if os.environ.get("IKO_DYNAMODB_ENDPOINT"):
            os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = os.environ["IKO_DYNAMODB_ENDPOINT"]

    def _bind_api(self) -> None:
        """Take the port before the app loads: links in mails need the address."""
        import socket

        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self._port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _own_environment(self) -> dict[str, str]:
        waits = {"KEY_CACHE": "5", "LONGEST_FUNCTION": "2", "SECOND_PASS": "4"}
        return {
            "IKO_MODE": "local",
            "IKO_PUBLIC_URL": self.url,
            "IKO_PRIVACY_ADDRESS": PRIVACY_ADDRESS,
            "IKO_SENDER_ADDRESS": SENDER_ADDRESS,
            "IKO_OIDC_ISSUER": self.issuer.url,
            "IKO_OIDC_JWKS_URL": self.issuer.jwks_url,
            "IKO_OIDC_AUDIENCE": "iko-api",
            "IKO_OIDC_CLIENT_ID": "iko-local",
            "IKO_OIDC_OFFICER_AUDIENCE": "iko-officer",
            **{f"IKO_WAIT_{name}_SECONDS": os.environ.get(f"IKO_WAIT_{name}_SECONDS", s) for name, s in waits.items()},
        }

    @staticmethod
    def _forget_settings() -> None:
        from chalicelib.core import settings
        from chalicelib.vault import aws

        settings.current.cache_clear()
        aws.reset()

    def _start_mail(self) -> None:
        """SES accepts mail from verified senders only; and the sent mails can be read at one address."""
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        self.client("ses").verify_domain_identity(Domain="iko.example")
        self.client("ses").verify_email_identity(EmailAddress="no-reply@iko.example")
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                raw = json.dumps(cloud.sent_mail() if self.path.startswith("/sent-mail") else []).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._control = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.sent_mail_url = f"http://127.0.0.1:{self._control.server_port}/sent-mail"
        threading.Thread(target=self._control.serve_forever, daemon=True).start()

    def _start_api(self) -> None:
        import waitress

        from infra.local.gateway import Gateway

        self._http = waitress.create_server(
            Gateway(self._module.app), sockets=[self._socket], threads=16, ident="iko", max_request_body_size=256 * 1024**2
        )
        threading.Thread(target=self._http.run, daemon=True, name="api").start()

    def _consumers(self) -> list[Consumer]:
        partial = _partial_failures()
        sqs, found = self.client("sqs"), []
        for source in self._module.app.event_sources:
            if type(source).__name__ != "SQSEventConfig":
                continue
            name = source.handler_string.rsplit(".", 1)[1]
            url = sqs.get_queue_url(QueueName=source.queue)["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            handler = getattr(self._module, name)
            found.append(Consumer(name, url, arn, handler, source.batch_size, name in partial))
        return found

    def _run_schedule(self, name: str) -> None:
        from chalice.local import LambdaContext

        event = {
            "version": "0",
            "id": "local",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "123456789012",
            "time": "2026-01-01T00:00:00Z",
            "region": REGION,
            "resources": [],
            "detail": {},
        }
        getattr(self._module, name)(event, LambdaContext(name, 256, 60_000))


def _partial_failures() -> set[str]:
    """Names of the functions whose event source in wiring.yaml declares ReportBatchItemFailures."""
    found = set()
    for logical, resource in load(_WIRING)["Resources"].items():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if "ReportBatchItemFailures" in event.get("Properties", {}).get("FunctionResponseTypes", []):
                found.add(_handler_name(logical))
    return found


def _handler_name(logical: str) -> str:
    """Chalice names the function `inbound_mail` InboundMail in its template."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(logical))
