"""Figures of a warm process: calls per route, CPU of sealing, an erasure's calls, and an import of 10,000 rows."""

import contextlib
import itertools
import resource
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.vault import aws
from chalicelib.vault.sealing import SealContext, seal, unseal
from infra.local.cloud import Cloud
from tests.conftest import Api

_numbers = itertools.count()


@contextlib.contextmanager
def calls() -> Iterator[Counter[str]]:
    """Calls to AWS by service and operation, made by this process within the block."""
    seen: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        seen[f"{model.service_model.service_name}.{model.name}"] += 1

    clients = [aws.client("dynamodb", "platform"), aws.client("dynamodb", "tenant")]
    clients += [aws.client(service) for service in ("kms", "s3", "sqs")]
    for client in clients:
        client.meta.events.register("before-call", note)
    try:
        yield seen
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", note)


def team(cloud: Cloud) -> Api:
    """A new workspace's owner."""
    token = cloud.issuer.token(f"bench{next(_numbers)}-{uuid.uuid4().hex[:6]}@team.example")
    client = Api(cloud.url, token)
    made = client.post("/v1/workspaces", {"name": "Bench", "accept_terms": "2026-11"})
    assert made.status_code == 201, made.text
    return client


def routes(cloud: Cloud) -> dict[str, str]:
    """DynamoDB and KMS calls of each warm route."""
    client, found = team(cloud), {}
    contact = client.post("/v1/contacts", {"first_name": "A", "emails": ["a@bench.example"]}).json()["id"]
    company = client.post("/v1/companies", {"name": "A"}).json()["id"]
    asked: list[tuple[str, str, Any]] = [
        ("GET", "/v1/me", None),
        ("GET", "/v1/contacts", None),
        ("GET", f"/v1/contacts/{contact}", None),
        ("POST", "/v1/contacts/search", {"q": "a"}),
        ("GET", "/v1/audit", None),
        ("GET", "/v1/changes", None),
        ("POST", "/v1/contacts", {"first_name": "B", "emails": ["b@bench.example"]}),
        ("PATCH", f"/v1/contacts/{contact}", {"title": "x"}),
        ("PUT", f"/v1/companies/{company}/tag", {"tag": "client"}),
        ("PATCH", "/v1/me/settings", {"share_tags": True}),
        ("DELETE", f"/v1/contacts/{contact}", None),
    ]
    for method, path, body in asked:
        client.get("/v1/me")  # keys and clients are warm
        with calls() as seen:
            client(method, path, **({"json": body} if body is not None else {}))
        ddb = sum(n for name, n in seen.items() if name.startswith("dynamodb"))
        kms = sum(n for name, n in seen.items() if name.startswith("kms"))
        label = f"{method} {path.replace(contact, '{id}').replace(company, '{id}')}"
        found[label] = f"{ddb} DynamoDB, {kms} KMS"
    return found


def sealing(cloud: Cloud) -> dict[str, float]:
    """Microseconds of CPU to seal and to open one item of 400 bytes."""
    tenant = team(cloud).get("/v1/me").json()["tenant"]["id"]
    context, content = SealContext(tenant, "TenantData", "k"), b"x" * 400
    sealed = seal(context, content)
    began = time.process_time()
    for _ in range(500):
        seal(context, content)
    middle = time.process_time()
    for _ in range(500):
        unseal(context, sealed)
    ended = time.process_time()
    return {"seal": (middle - began) / 500 * 1e6, "open": (ended - middle) / 500 * 1e6}


def erasure(cloud: Cloud, tenants: int) -> int:
    """DynamoDB calls of one erasure pass, with that many tenants who hold somebody else."""
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.privacy import intake
    from chalicelib.jobs import deletions

    for _ in range(tenants):
        team(cloud).post("/v1/contacts", {"first_name": "Other", "emails": [f"{uuid.uuid4().hex}@bench.example"]})
    address = f"{uuid.uuid4().hex}@bench.example"
    team(cloud).post("/v1/contacts", {"first_name": "One", "emails": [address]})
    intake.open_request(EmailAddress.parse(address), right="erasure", certain=True, language="en", text="")
    link = next(
        line for m in cloud.sent_mail() if address in m["to"] for line in m["text"].splitlines() if "/confirm/" in line
    )
    Api(cloud.url).post(link.removeprefix(cloud.url))
    ident = link.rsplit("/", 1)[1].split(".")[0]
    event = {"Records": [{"messageId": "m", "body": f'{{"kind":"request","id":"{ident}"}}'}]}
    with calls() as seen:
        deletions.handle(event, None)
    cloud.drain()
    return sum(n for name, n in seen.items() if name.startswith("dynamodb"))


def lives(cloud: Cloud, count: int) -> str:
    """DynamoDB calls of a daily pass over a tenant with that many contacts, none of which has come to its end."""
    from chalicelib.jobs import work

    client = team(cloud)
    rows = "\r\n".join(f"Given{n},Family{n},lives{n}@bench.example" for n in range(count))
    client.post(
        "/v1/imports",
        data=f"First Name,Last Name,Email\r\n{rows}\r\n".encode(),
        headers={"Content-Type": "text/csv"},
    )
    cloud.drain()
    tenant = client.get("/v1/me").json()["tenant"]["id"]
    event = {"Records": [{"messageId": "m", "body": f'{{"kind":"lives","id":"{tenant}"}}'}]}
    with calls() as seen:
        assert work.handle(event, None) == {"batchItemFailures": []}
    ddb = {name.split(".")[1]: n for name, n in seen.items() if name.startswith("dynamodb")}
    return ", ".join(f"{n} {name}" for name, n in sorted(ddb.items()))


def large_import(cloud: Cloud, count: int) -> dict[str, str]:
    """An import of `count` rows, then a list and a search over them."""
    client = team(cloud)
    rows = "\r\n".join(f"Given{n},Family{n},person{n}@bench.example" for n in range(count))
    body = f"First Name,Last Name,Email\r\n{rows}\r\n".encode()
    began = time.monotonic()
    job = client.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"}).json()["job"]["id"]
    answered = time.monotonic()
    with calls() as seen:
        while client.get(f"/v1/jobs/{job}").json()["state"] not in ("done", "failed"):
            cloud.drain()
            cloud.advance(130)
    stored = time.monotonic()
    client.get("/v1/contacts?limit=100")
    listed = time.monotonic()
    cursor, found, asked = None, 0, 0
    while asked == 0 or cursor:
        page = client.post("/v1/contacts/search", {"q": f"person{count - 1}@", "limit": 50, "cursor": cursor}).json()
        found, cursor, asked = found + len(page["items"]), page["next_cursor"], asked + 1
    searched = time.monotonic()
    ddb = {name.split(".")[1]: n for name, n in seen.items() if name.startswith("dynamodb")}
    return {
        "answered after": f"{answered - began:.1f} s",
        "stored after": f"{stored - answered:.1f} s",
        "DynamoDB calls": ", ".join(f"{n} {name}" for name, n in sorted(ddb.items())),
        "page of 100 listed in": f"{listed - stored:.2f} s",
        f"search over all ({found} found, {asked} requests)": f"{searched - listed:.1f} s",
        "peak memory of the whole process (the simulated cloud included)": f"{_peak_mb():.0f} MB",
    }


def page_ratio(cloud: Cloud) -> float:
    """CPU of a whole request for a page of 100 sealed contacts over the same rows read and answered unsealed."""
    from chalicelib.domain.contacts.model import ContactPayload
    from chalicelib.domain.contacts.records import ContactRecord
    from chalicelib.store import rows

    client = team(cloud)
    tenant = client.get("/v1/me").json()["tenant"]["id"]
    for n in range(100):
        client.post("/v1/contacts", {"first_name": f"N{n}", "emails": [f"n{n}@bench.example"], "title": "x"})
    page = rows.page(ContactRecord, tenant, "contact#", limit=100).records
    opened = min(
        _cpu_of(lambda: [r.from_raw_data(r.serialize()).unsealed(ContactPayload) for r in page]) for _ in range(5)
    )
    whole = min(_cpu_of(lambda: client.get("/v1/contacts?limit=100")) for _ in range(8))
    return whole / max(whole - opened, 1e-6)


def _cpu_of(act: Any) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
