"""The whole backend in one process: moto as the cloud, the template's resources, the API behind its gateway, the workers."""

import contextlib
import importlib
import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from chalicelib.core import settings
from infra.local import environment
from infra.local.oidc import LocalIssuer
from infra.local.sent_mail import SentMail
from infra.simulators.salesforce.simulator import Salesforce

_DRAIN_ROUNDS = 400
_AUDIENCE = "iko-api"
_LARGEST_READ = 256 * 1024**2  # the server reads that far, so that the gateway can say what it refuses


class NeverIdle(RuntimeError):
    """The queues did not run empty within the round limit."""


class Cloud:
    """Start it once a process.

    `port` 0 takes any free one. `workers` False leaves queues and schedules to `drain`. `app` names the module whose `app`
    is served. `say` gets one line for each step. `given`: see infra.simulators.providers.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        workers: bool = True,
        app: str = "app",
        say: Callable[[str], None] = lambda _: None,
        given: Mapping[str, str] | None = None,
    ) -> None:
        self._port, self._with_workers, self._app, self._say = port, workers, app, say
        self._given = dict(given or {})
        self._session: Any = None  # one, since each reads the endpoints of all of AWS
        self._clients: dict[str, Any] = {}
        self._building = threading.Lock()
        self._at_stop = contextlib.ExitStack()
        self.outputs: dict[str, str] = {}

    def start(self) -> None:
        """Everything up and reachable when it returns. OSError where the port is taken; nothing is left up then."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End workers, API and cloud. Nothing is kept. Harmless where it never started."""
        self._at_stop.close()

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud; thread-safe, one a service."""
        import boto3

        with self._building:
            if self._session is None:
                self._session = boto3.session.Session(region_name=environment.REGION)
            if service not in self._clients:
                self._clients[service] = self._session.client(service)
            return self._clients[service]

    @property
    def real_dynamodb(self) -> bool:
        """Whether the tables are in AWS's DynamoDB Local and not in moto."""
        return bool(os.environ.get(environment.ANOTHER_DYNAMODB))

    def tick(self) -> None:
        """Run every schedule once; without workers, those of some minutes once that time has passed."""
        for run in self.schedules.values():
            run()

    def drain(self, rounds: int = _DRAIN_ROUNDS) -> int:
        """Run schedules and queues until nothing moves; how many messages were handled. NeverIdle after `rounds`.

        A message that failed is invisible for its queue's time-out: `advance` brings it back.
        """
        from infra.local.poller import poll_once

        handled = quiet = 0
        for _ in range(rounds):
            self.tick()
            moved = sum(poll_once(self.client("sqs"), each) for each in self.consumers if _has_messages(each.url))
            handled += moved
            quiet = 0 if moved else quiet + 1
            if quiet > 1:
                return handled
        raise NeverIdle("the queues do not run empty")

    def advance(self, seconds: float) -> None:
        """Move time forward: the backend's clock, and what the queues hide or delay."""
        from moto.sqs.models import sqs_backends

        from chalicelib.core import clock

        clock.advance(seconds)
        for account in list(sqs_backends.values()):
            for queue in list(account[environment.REGION].queues.values()):
                for message in list(queue._messages):  # noqa: SLF001 - moto's clock can't be moved otherwise
                    message.visible_at -= seconds * 1000
                    message.delayed_until -= seconds * 1000

    def sent_mail(self) -> list[dict[str, Any]]:
        """Every mail that was sent, oldest first: {to, subject, text, html, headers}."""
        return self._mail.sent()

    def _start(self) -> None:
        self._listen()
        self._start_aws()
        self._say("making the resources of infra/resources.yaml")
        self._provision()
        self.issuer = LocalIssuer(_AUDIENCE)
        self._at_stop.callback(self.issuer.stop)
        self._mail = SentMail(environment.REGION)
        self._at_stop.callback(self._mail.stop)
        self.sent_mail_url = self._mail.url
        self._start_salesforce()
        self._start_connectors()
        os.environ.update(environment.functions(self.url, self.issuer, _AUDIENCE))
        self._start_paypal()
        environment.forget_settings()
        settings.current()  # what is missing is said at the start, as by a deployed function
        self._say("loading the app")
        module = importlib.import_module(self._app)
        self._start_invocations(module)
        self._serve(module)
        self._start_functions(module)

    def _listen(self) -> None:
        """Take the port first: the app needs the address for links, and a taken port should be said at once."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._at_stop.callback(self._socket.close)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self._port))
        self._socket.listen(128)  # from now on nobody else can take it
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _start_aws(self) -> None:
        environment.isolate()
        from infra.local import moto_queries, moto_server, moto_transactions

        moto_transactions.install()
        moto_queries.install()
        server = moto_server.made()
        self._at_stop.callback(server.close)
        threading.Thread(target=_run_quietly, args=(server,), daemon=True, name="aws").start()
        self._at_stop.callback(environment.forget_cloud)
        self.aws_url = f"http://127.0.0.1:{server.effective_port}"
        environment.point_to(self.aws_url)

    def _provision(self) -> None:
        from infra.local.provision import Provisioner
        from infra.local.provision import environment as of_resources

        here = environment.differences()
        self.outputs = Provisioner(self.client, environment.REGION, here).make()
        os.environ.update(of_resources(self.outputs))

    def _start_paypal(self) -> None:
        from infra.simulators.paypal.simulator import PayPal

        self.paypal = PayPal(timers=self._with_workers)
        self._at_stop.callback(self.paypal.stop)
        self.paypal.listen(f"{self.url}/webhooks/paypal")
        credential = json.dumps(self.paypal.credential())
        secret = self.outputs["PayPalSecretArn"]
        self.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=credential)
        os.environ.update(self.paypal.environment())

    def _start_salesforce(self) -> None:
        self.salesforce = Salesforce()
        self._at_stop.callback(self.salesforce.stop)
        self.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["BillingSecretArn"], SecretString=json.dumps(self.salesforce.credential)
        )
        os.environ["IKO_BILLING_URL"] = self.salesforce.url

    def _start_connectors(self) -> None:
        from infra.simulators.providers import Providers

        self.connectors = Providers(self.salesforce)
        self._at_stop.callback(self.connectors.stop)
        self.connectors.tell(self.client("secretsmanager"), self.outputs["ConnectorsSecretArn"], self._given)
        self.connectors.meet(self.url, by_itself=self._with_workers)

    def _start_invocations(self, module: ModuleType) -> None:
        from infra.local.invoke import Invocations

        self.invocations = Invocations(module)
        self._at_stop.callback(self.invocations.stop)
        os.environ["AWS_ENDPOINT_URL_LAMBDA"] = self.invocations.url

    def _serve(self, module: ModuleType) -> None:
        import waitress

        from infra.local.demo_page import DemoPage
        from infra.local.gateway import Gateway

        gateway = Gateway(module.app)
        server = waitress.create_server(
            DemoPage(gateway, self.issuer),
            sockets=[self._socket],
            threads=16,
            ident="iko",
            max_request_body_size=_LARGEST_READ,
        )
        self._at_stop.callback(gateway.close)
        self._at_stop.callback(server.close)
        threading.Thread(target=_run_quietly, args=(server,), daemon=True, name="api").start()

    def _start_functions(self, module: ModuleType) -> None:
        from infra.local import functions
        from infra.local.poller import Workers

        timeout_s = environment.FUNCTION_TIME_S
        self.consumers = functions.consumers(module, self.client("sqs"), timeout_s)
        self.schedules = functions.schedules(module, environment.REGION, timeout_s, hurried=self._with_workers)
        if self._with_workers:
            workers = Workers(self.client("sqs"), self.consumers, self.tick)
            workers.start()
            self._at_stop.callback(workers.stop)


def _has_messages(queue_url: str) -> bool:
    """Whether the queue has what can be received now. Looked up where moto keeps it: most queues are empty most of the time, and
    asking each of them was half of what `drain` took."""
    from moto.sqs.models import sqs_backends

    name = queue_url.rsplit("/", 1)[-1]
    found = [account[environment.REGION].queues.get(name) for account in list(sqs_backends.values())]
    return any(queue is not None and queue.messages for queue in found)


def _run_quietly(server: Any) -> None:
    with contextlib.suppress(OSError):  # the socket is closed under it at stop
        server.run()
