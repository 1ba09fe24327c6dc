"""`python -m tests.support.outbound_calls`: everything in the backend that calls somebody, tried as deployed on a machine where
no name is known. Prints as JSON what each operation asked for, and the list of hosts as that deployment has it.

A process of its own: nothing that other tests did to settings, clients or pools is in it.
"""

import base64
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalicelib.core.ids import TenantId
from infra.local.template import load

WIRING = Path(__file__).resolve().parents[2] / "infra" / "wiring.yaml"
REGION = "eu-west-1"
ORGS = ("https://acme.my.salesforce.com", "https://na139.salesforce.com", "https://acme.my.force.com")
TENANT = TenantId("ten_01m8bv7tx9ttqzbgemprmpfx7b")
_S = "s" * 8


class Unknown:
    """Notes the names that are asked for, and knows none."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        socket.getaddrinfo = self._look_up
        socket.socket.connect = self._connect  # type: ignore[assignment,method-assign]
        time.sleep = lambda _: None  # pauses between attempts take no time here

    def _look_up(self, host: Any, *_: Any, **__: Any) -> Any:
        self.asked.add(host.decode() if isinstance(host, bytes) else str(host))
        raise socket.gaierror(socket.EAI_NONAME, "no name is known here")

    def _connect(self, address: Any) -> None:
        self.asked.add(f"{address[0]}:{address[1]}")
        raise ConnectionRefusedError


class Tokens:
    """A port.TokenSource."""

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - the port's
        return _S


def deployed() -> dict[str, str]:
    """The environment that the template gives every function, by the defaults of its parameters."""
    template = load(WIRING)
    defaults = {name: str(each.get("Default", "")) for name, each in template["Parameters"].items()}
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    return {
        **{name: defaults.get(each["Ref"], "") if isinstance(each, dict) else each for name, each in variables.items()},
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": _S,
        "AWS_SECRET_ACCESS_KEY": _S,
        "IKO_PRIVACY_ADDRESS": "privacy@iko.example",
        "IKO_CONTROLLER_NAME": "IKO System",
        "IKO_CONTROLLER_ADDRESS": "1 Example Street, Example Town",
        "IKO_OFFICER_ADDRESS": "officer@iko.example",
        "IKO_BILLING_URL": defaults["BillingUrl"],
        "IKO_CONNECTORS_GMAIL_TOPIC": "projects/iko/topics/gmail",
        "IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT": "push@iko.iam.gserviceaccount.com",
        "IKO_TENANT_ROLE_ARN": "arn:aws:iam::123456789012:role/tenant",
    }


def providers() -> Iterator[tuple[str, Callable[[], Any]]]:
    """What each vendor can do: consent, tokens, each stream, the mailbox."""
    from chalicelib.connectors import vendors
    from chalicelib.connectors.port import App, Grant

    app, redirect = App("client", _S), "https://api.iko.example/oauth/x/callback"
    for provider in vendors.CONNECTABLE:
        vendor = vendors.of(provider)
        for base in ORGS if provider == "salesforce" else ("",):
            grant = Grant(access_token=_S, refresh_token=_S, base_url=base)
            for name, run in reading(vendor, grant):
                yield f"{provider}.{name}", run
        yield f"{provider}.exchange", partial(vendor.exchange, app, code="c", verifier="v", redirect_uri=redirect)
        yield f"{provider}.refresh", partial(vendor.refresh, app, grant)
        yield f"{provider}.revoke", partial(vendor.revoke, app, grant)
        if provider == "salesforce":
            sandbox = replace(grant, login=vendors.login(provider, "sandbox"))
            yield "salesforce.refresh of a sandbox", partial(vendor.refresh, app, sandbox)


def reading(vendor: Any, grant: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Pages, look-ups and counts of each stream that the vendor has, and its mailbox."""
    from chalicelib.connectors.port import Stream

    for stream in Stream:
        try:
            source = vendor.source(stream, Tokens(), grant, None)
        except KeyError:
            continue
        yield f"{stream}.page", partial(_first_page, source)
        yield f"{stream}.look", partial(source.look, ["003000000000001"])
        yield f"{stream}.count", source.count
    try:
        mailbox = vendor.mailbox(Tokens(), grant, None)
    except KeyError:
        return
    yield "mailbox.page", partial(_first_page, mailbox)
    yield "mailbox.watch", mailbox.watch


def _first_page(of: Any) -> Any:
    return of.page(of.start())


def others() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Billing, our own mail, those whose keys we trust, and each service of the cloud."""
    from chalicelib.api import identity
    from chalicelib.connectors.google import push
    from chalicelib.connectors.mail import sending
    from chalicelib.connectors.paypal.client import PayPal
    from chalicelib.connectors.salesforce import billing, rest
    from chalicelib.connectors.salesforce.oauth import ClientCredentials
    from chalicelib.core import settings
    from chalicelib.vault import aws

    here = settings.current()

    def credential(fresh: bool) -> dict[str, str]:
        return {"client_id": "client", "client_secret": _S}

    for name, url in (("paypal", here.paypal.url), ("sandbox", here.paypal.url.replace("api-m", "api-m.sandbox"))):
        yield f"{name}.show", partial(PayPal(url, credential).show, "I-BW452GLLEP1G")
    org = rest.Org(here.billing.url, ClientCredentials(here.billing.url, credential))
    yield "billing.read", lambda: billing.read(org, here.billing.account_field, TENANT)
    mail = sending.Outgoing("ada@person.example", "Subject", "Text", "<p>Text</p>")
    yield "mail.send", lambda: sending.send(mail)
    yield "identity.verify", lambda: identity.verify(signed(), here.oidc.audience)
    yield "google.push", lambda: push.read(f"Bearer {signed()}", b"{}")
    yield "lambda", lambda: aws.invoke("billing", {})
    yield "kms", lambda: aws.call("kms", "list_keys")
    yield "s3", lambda: aws.call("s3", "list_objects_v2", Bucket="iko-imports")
    queue = f"https://sqs.{REGION}.amazonaws.com/123456789012/work"
    yield "sqs", lambda: aws.call("sqs", "send_message", QueueUrl=queue, MessageBody="{}")
    yield "secretsmanager", lambda: aws.call("secretsmanager", "get_secret_value", SecretId="iko")
    yield "dynamodb", lambda: aws.call("dynamodb", "get_item", TableName="t", Key={"pk": {"S": "k"}})

    def as_tenant() -> None:
        with aws.acting_as(TENANT):
            aws.call("dynamodb", "get_item", "tenant", TableName="t", Key={"pk": {"S": "k"}})

    yield "sts", as_tenant


def signed() -> str:
    """A token that only a look at the keys can tell from a good one."""
    parts = (b'{"alg":"RS256","kid":"k"}', b'{"sub":"s"}', b"signature")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def pages() -> Iterator[tuple[str, str]]:
    """Where browsers are sent: each tier's consent page, and PayPal's by the answer in its reference."""
    from chalicelib.connectors import vendors
    from chalicelib.connectors.paypal import model
    from chalicelib.connectors.port import App

    for provider in vendors.CONNECTABLE:
        vendor = vendors.of(provider)
        for tier in vendor.tiers:
            url = vendor.consent_url(App("c", _S), tier, state=_S, challenge=_S, redirect_uri="https://api.iko.example")
            yield f"{provider}.{tier.name}", url
    for name in ("www.paypal.com", "www.sandbox.paypal.com"):
        link = {"rel": "approve", "href": f"https://{name}/webapps/billing/subscriptions?ba_token=BA-2M539689T3856352J"}
        yield (
            name,
            model.subscription({"id": "I-BW452GLLEP1G", "status": "APPROVAL_PENDING", "links": [link]}).approve_url,
        )


def main() -> None:
    for name in [name for name in os.environ if name.startswith(("IKO_", "AWS_"))]:
        del os.environ[name]
    os.environ.update(deployed())
    from chalicelib.connectors import hosts

    unknown, tried = Unknown(), list[dict[str, Any]]()
    for name, run in (*providers(), *others()):
        unknown.asked.clear()
        try:
            run()
            ended = ""
        except Exception as error:  # noqa: BLE001 - which one is what is reported
            ended = type(error).__name__
        tried.append({"operation": name, "ended": ended, "hosts": sorted(unknown.asked)})
    told = {
        "tried": tried,
        "pages": {name: urlsplit(url).hostname for name, url in pages()},
        "listed": [asdict(each) for each in hosts.listed()],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
