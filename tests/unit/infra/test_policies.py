"""Each function may do what it does and little else: the policies of .chalice/ against the calls of real flows."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest

from chalicelib.core import clock
from chalicelib.store.due import Due, schedule
from infra.local.cloud import Cloud
from infra.local.poller import poll_once
from infra.local.provision import TEMPLATE
from infra.local.template import load
from tests.conftest import Api, Member
from tests.support.backups import Backup
from tests.support.connecting import connect
from tests.support.iam import REGION, ROOT, Call, allows, of_function, resources
from tests.support.joining import exchanges, join
from tests.support.paying import Paying
from tests.support.standing import at, contact, put
from tests.support.team import listed, somebody
from tests.support.uploading import start, upload

FUNCTIONS = ("api", "identity", "inbound_mail", "deletions", "work", "sync", "due", "billing", "replay")
LOGICAL = {"api": "APIHandler", "inbound_mail": "InboundMail", "deletions": "Deletions", "work": "Work", "due": "Due"}
LOGICAL |= {"billing": "Billing", "replay": "Replay", "sync": "Sync"}
RESOURCES = load(TEMPLATE)["Resources"]
TENANT_ROLE = RESOURCES["TenantRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
WIRING = load(TEMPLATE.with_name("wiring.yaml"))["Resources"]
PARAMETERS = set(load(TEMPLATE.with_name("wiring.yaml"))["Parameters"])
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nMara,Lind,,{email},Nordwerk,CEO,03 Mar 2024\n"


class Recorder:
    """Notes every AWS call of the backend with the function that made it."""

    def __init__(self, cloud: Cloud) -> None:
        from chalicelib.connectors.mail import sending
        from chalicelib.vault import aws

        self.calls: set[Call] = set()
        self.function = ""
        self._names = {value: name for name, value in cloud.outputs.items()}
        self._names |= {name: LOGICAL[name] for name in cloud.invocations.limits if name in LOGICAL}
        self._clients = [(aws.client(service, signer), signer) for service, signer in _CLIENTS]
        self._clients.append((sending._client(), "platform"))

    def __enter__(self) -> Self:
        for client, signer in self._clients:
            client.meta.events.register("before-parameter-build", self._noting(signer), unique_id=f"iam-{signer}")
        return self

    def __exit__(self, *_: object) -> None:
        for client, signer in self._clients:
            client.meta.events.unregister("before-parameter-build", unique_id=f"iam-{signer}")

    def turn_to(self, function: str) -> None:
        """What is called in this thread from now on, another function calls: in a process of its own, with nothing kept."""
        from chalicelib.domain.subscription import repository
        from chalicelib.jobs import billing
        from chalicelib.vault import secrets, signing
        from chalicelib.vault.keys import ring

        self.function = function
        ring._kept.clear()
        secrets.reset()
        repository._accounts.clear()
        billing._tokens.cache_clear()
        signing.public_jwk.cache_clear()

    def _noting(self, signer: str) -> Callable[..., None]:
        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            # The API and the functions that it calls run in threads of their own, everything else in the test's.
            thread = threading.current_thread().name
            function = "api" if thread.startswith("api") else self.function
            function = thread.removeprefix("function-") if thread.startswith("function-") else function
            if function:
                service = model.service_model.service_id.hyphenize()
                for action, resource, context in self._meant(service, model.name, params):
                    self.calls.add(Call(function, signer, action, resource, context))

        return note

    def _meant(self, service: str, operation: str, p: dict[str, Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        if service == "dynamodb":
            yield from self._rows(operation, p)
        elif service == "kms":
            context = tuple((f"kms:EncryptionContext:{k}", v) for k, v in p.get("EncryptionContext", {}).items())
            yield f"kms:{operation}", self._logical(p["KeyId"]), context
        elif service == "s3":
            yield from self._objects(operation, p)
        elif service == "secrets-manager":
            secret = self._logical(p["SecretId"])
            yield f"secretsmanager:{operation}", secret, ()
            # Secrets Manager opens it with the caller's right to its key.
            key = RESOURCES[secret]["Properties"]["KmsKeyId"]["Fn::GetAtt"][0]
            via = (("kms:ViaService", f"secretsmanager.{REGION}.amazonaws.com"),)
            yield "kms:Decrypt", key, (*via, ("kms:EncryptionContext:SecretARN", secret))
        elif service == "lambda":
            yield f"lambda:{operation}Function", self._logical(p["FunctionName"]), ()
        elif service == "sqs":
            yield f"sqs:{operation}", self._logical(p["QueueUrl"]), ()
        else:
            yield "ses:SendRawEmail", "MailIdentity", ()

    def _objects(self, operation: str, p: dict[str, Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        if operation == "CreateBucket":  # so botocore calls the signing of a form, whose signer must be allowed to put
            yield "s3:PutObject", f"{self._logical(p['Bucket'])}/", ()
            return
        bucket, action = self._logical(p["Bucket"]), _S3_ACTIONS.get(operation, operation)
        for key in [each["Key"] for each in p["Delete"]["Objects"]] if "Delete" in p else [p.get("Key")]:
            yield f"s3:{action}", f"{bucket}/{key}" if key else bucket, ()

    def _rows(self, operation: str, p: dict[str, Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        if "TransactItems" in p:
            for item in p["TransactItems"]:
                ((kind, body),) = item.items()
                action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
                yield f"dynamodb:{action}", self._logical(body["TableName"]), _leading(body)
        elif "RequestItems" in p:
            for table in p["RequestItems"]:
                yield f"dynamodb:{operation}", self._logical(table), (("dynamodb:LeadingKeys", "in a batch"),)
        else:
            index = f"/index/{p['IndexName']}" if "IndexName" in p else ""
            yield f"dynamodb:{operation}", self._logical(p["TableName"]) + index, _leading(p)

    def _logical(self, value: str) -> str:
        return re.sub("(Name|Arn|Url)$", "", self._names[value])


# IAM's names, where they are not the operations'.
_S3_ACTIONS = {
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectsV2": "ListBucket",
    "DeleteObjects": "DeleteObject",
}
_CLIENTS: tuple[tuple[str, Any], ...] = (
    ("dynamodb", "platform"),
    ("dynamodb", "tenant"),
    ("kms", "platform"),
    ("s3", "platform"),
    ("sqs", "platform"),
    ("secretsmanager", "platform"),
    ("lambda", "platform"),
)


def _leading(p: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The partition key of a call: the first of its key's, its item's or its condition's values that can be one."""
    named = p.get("Key") or p.get("Item") or {}
    values = [named[name] for name in ("tenant", "scope", "pk") if name in named]
    values += list(p.get("ExpressionAttributeValues", {}).values())[:1] if not values else []
    return tuple(("dynamodb:LeadingKeys", value["S"]) for value in values[:1] if "S" in value)


@pytest.fixture(scope="module")
def calls(cloud: Cloud, new_workspace: Callable[..., Member], drop_mail: Callable[..., str]) -> set[Call]:
    """What every function called while an owner imports a person, subscribes, and the person is erased by mail."""
    with Recorder(cloud) as recorder:
        owner = new_workspace()
        address = f"mara-{owner.id[-8:]}@person.example"
        body = LINKEDIN.format(email=address).encode()
        assert owner.api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"}).status_code == 202
        owner.api.post("/v1/companies", {"name": "Nordwerk", "tag": "client"})
        owner.api.post("/v1/contacts", {"first_name": "Jo", "emails": [f"jo.{address}"]})
        _team(cloud, owner, address)
        owner.api.get("/v1/me")
        owner.api.get("/v1/contacts")
        owner.api.get("/v1/billing/invoices")
        owner.api.get("/v1/audit")
        owner.api.get("/v1/changes")
        _connect(cloud, recorder, owner)
        _read_mail(cloud, recorder, owner, f"jo.{address}")
        owner.api.patch("/v1/me/settings", {"share_tags": True})
        start(owner, upload(owner, body))
        _run(cloud, recorder)
        subscribe(cloud, owner)
        cloud.advance(120)  # its period is over: a worker looks at it again
        put(owner, contact("Old", at(1097)))
        schedule(Due("lives", owner.tenant), clock.now())
        owner.api.get("/v1/workspace/privacy")
        owner.api.patch("/v1/workspace/settings", {"audit_days": 30})
        _run(cloud, recorder)
        export = owner.api.post("/v1/exports").json()["id"]
        _run(cloud, recorder)
        assert owner.api.get(f"/v1/exports/{export}/file").status_code == 303
        backup = Backup(cloud)
        drop_mail(f"From: {address}\r\nSubject: Erasure\r\n\r\nPlease delete all my data.\r\n".encode())
        _run(cloud, recorder)
        link = _link(cloud, address)
        Api("").session.post(link, timeout=30, **_form(link))
        for _ in range(4):
            _run(cloud, recorder)
            cloud.advance(400)
        Api(cloud.url).get("/.well-known/jwks.json")
        _restore_and_replay(recorder, backup)
        certificate = cloud.sent_mail()[-1]
        _end(cloud, recorder, new_workspace())
    assert address in certificate["to"], "the flow did not come to its end"
    assert owner.api.get("/v1/contacts").status_code == 200
    return recorder.calls


def _team(cloud: Cloud, owner: Member, person: str) -> None:
    """Somebody is invited and accepts, is promoted and demoted; who is erased later waits, and another is told no more."""
    guest, other = somebody(cloud), somebody(cloud)
    for email in (guest.email, person, other.email):
        assert owner.api.post("/v1/members", {"email": email}).status_code == 201
    assert owner.api.delete(f"/v1/members/{listed(owner)[other.email]['id']}").status_code == 204
    Api(cloud.url).get(f"/invitations/{guest.code()}")
    member = guest.accept().json()["id"]
    for role in ("owner", "member"):
        assert owner.api.patch(f"/v1/members/{member}", {"role": role}).status_code == 200


def _connect(cloud: Cloud, recorder: Recorder, owner: Member) -> None:
    """An account is connected, its token refreshed, its grant over, connected again, disconnected; another stays."""
    from chalicelib.connectors.port import GrantEnded
    from chalicelib.domain.connections import repository, suspension
    from chalicelib.domain.connections.tokens import ConnectionTokens

    ident = connect(cloud, owner, "x")["id"]
    connect(cloud, owner, "x", account=1)
    recorder.turn_to("sync")
    tokens = ConnectionTokens(owner.tenant, ident)
    tokens.token(instead_of=tokens.token())
    cloud.connectors.social.fault("refresh_refused", times=1)
    with pytest.raises(GrantEnded):
        tokens.token(instead_of=tokens.token())
    record = repository.find(owner.tenant, ident)
    assert record
    suspension.needs_consent(record)
    recorder.turn_to("")
    connect(cloud, owner, "x")
    owner.api.get(f"/v1/connections/{ident}")
    assert owner.api.delete(f"/v1/connections/{ident}").status_code == 202
    _run(cloud, recorder)


def _read_mail(cloud: Cloud, recorder: Recorder, owner: Member, contact: str) -> None:
    """A mailbox is connected and read, and Gmail says that it has news."""
    mailbox = join(cloud, owner).mailbox
    mailbox.add(sender=contact, to=[mailbox.address])
    _run(cloud, recorder)
    mailbox.add(to=[contact])
    assert cloud.connectors.google.pushes.deliver() > 0
    _run(cloud, recorder)
    assert [(found.received, found.sent) for found in exchanges(owner).values()] == [(1, 1)]


def subscribe(cloud: Cloud, owner: Member) -> None:
    paying = Paying(cloud)
    paying.subscribe(owner)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    paying.answer(paying.checkout(owner))
    cloud.paypal.deliver()


def _end(cloud: Cloud, recorder: Recorder, owner: Member) -> None:
    """A member leaves; the workspace is cancelled, purged, restored from a backup and purged again."""
    guest = somebody(cloud)
    owner.api.post("/v1/members", {"email": guest.email})
    guest.accept()
    body = LINKEDIN.format(email=f"last-{owner.id[-8:]}@person.example").encode()
    owner.api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"})
    owner.api.post("/v1/exports")
    connect(cloud, owner, "x")
    assert owner.api.delete(f"/v1/members/{listed(owner)[guest.email]['id']}").status_code == 202
    subscribe(cloud, owner)
    backup = Backup(cloud)
    for _ in range(3):
        _run(cloud, recorder)
        cloud.advance(20)
    owner.api.token = cloud.issuer.token(owner.email)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    for _ in range(8):
        _run(cloud, recorder)
        cloud.advance(20)
    assert "/certificates/" in cloud.sent_mail()[-1]["text"]
    assert owner.email in cloud.sent_mail()[-1]["to"]
    _restore_and_replay(recorder, backup)


def _run(cloud: Cloud, recorder: Recorder) -> None:
    moved = True
    while moved:
        recorder.turn_to("due")
        cloud.tick()
        moved = False
        for consumer in cloud.consumers:
            recorder.turn_to(consumer.name)
            moved |= bool(poll_once(cloud.client("sqs"), consumer))
    recorder.turn_to("")


def _restore_and_replay(recorder: Recorder, backup: Backup) -> None:
    from chalicelib.jobs import replay

    backup.put_back("tenant_data", "tenant_keys", "privacy")
    recorder.turn_to("replay")
    assert replay.handle({}, None)["changed"] > 0
    recorder.turn_to("")


def _link(cloud: Cloud, address: str) -> str:
    mail = [mail for mail in cloud.sent_mail() if address in mail["to"]][-1]
    found = re.search(r"https?://\S+/privacy/confirm/\S+", mail["text"])
    assert found, mail["text"]
    return found[0]


def _form(link: str) -> dict[str, Any]:
    page = Api("").session.get(link, timeout=30).text
    fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page))
    return {"data": fields or {"x": "1"}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_allowed_what_it_does(calls: set[Call], function: str) -> None:
    own = of_function(function)
    for call in sorted((call for call in calls if call.function == function), key=str):
        if call.signer == "tenant":
            assert allows(own, Call(function, "platform", "sts:AssumeRole", "TenantRole")), call
            assert _tenant_may(call), call
        else:
            assert allows(own, call), call


def _tenant_may(call: Call) -> bool:
    """The role's condition compares with the session's tag, which is the tenant that the code acts for."""
    without = [{k: v for k, v in statement.items() if k != "Condition"} for statement in TENANT_ROLE]
    return allows(without, call)


def test_every_function_was_seen_at_work(calls: set[Call]) -> None:
    assert {call.function for call in calls} == set(FUNCTIONS) - {"identity"}


def test_nobody_has_a_wildcard_or_reads_a_table_whole() -> None:
    for function in FUNCTIONS:
        for statement in of_function(function):
            assert statement["Effect"] == "Allow"
            for action in statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]:
                assert "*" not in action
                assert "Scan" not in action
            assert "*" not in resources(statement)


def test_the_http_function_can_seal_credentials_and_never_open_them() -> None:
    may = {"api": {"kms:Encrypt"}, "sync": {"kms:Encrypt", "kms:Decrypt"}, "deletions": {"kms:Decrypt"}}
    for function in FUNCTIONS:
        actions = {
            action
            for statement in of_function(function)
            if "CredentialsKey" in resources(statement)
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert actions == may.get(function, set()), function


def test_only_an_erasure_finds_a_person_across_tenants() -> None:
    may = [f for f in FUNCTIONS if any("TenantDataTable/index/by_subject" in resources(s) for s in of_function(f))]
    assert may == ["deletions", "replay"]
    for function in FUNCTIONS:
        for statement in of_function(function):
            assert not resources(statement) & {"TenantDataTable", "CredentialsTable"}, "only as one tenant, by its role"


def test_only_the_billing_function_opens_the_credential_for_salesforce_and_it_reaches_nothing_else() -> None:
    everyone = [path.stem.removeprefix("policy-") for path in (ROOT / ".chalice").glob("policy-*.json")]
    for function in everyone:
        named = {each for statement in of_function(function) for each in resources(statement)}
        if function == "billing":
            assert {each for each in named if not each.startswith("arn:")} == {"BillingSecret", "BillingKey"}
        else:
            assert not named & {"BillingSecret", "BillingKey"}, function
    assert RESOURCES["BillingSecret"]["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["BillingKey", "Arn"]}
    may_ask = [f for f in everyone if any("Billing" in resources(statement) for statement in of_function(f))]
    assert may_ask == ["api"]


@pytest.mark.parametrize("function", LOGICAL)
def test_a_function_is_told_what_it_may_use_and_nothing_else(function: str) -> None:
    told = WIRING[LOGICAL[function]]["Properties"]["Environment"]["Variables"]
    named = {_target(value) for value in told.values()} - PARAMETERS
    used = {re.split("[/]", each)[0] for statement in of_function(function) for each in _told_of(statement)}
    if "TenantRole" in used:
        used |= {"TenantDataTable", "TenantKeysTable", "CredentialsTable"}
    assert named == used, json.dumps(sorted(named ^ used))


def _target(value: dict[str, Any]) -> str:
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


_NOT_TOLD = ("OwnLog", "ConsumeItsQueue", "SendOurMail", "OpenThatSecret", "OpenPayPalSecret", "OpenOurRegistrations")


def _told_of(statement: dict[str, Any]) -> set[str]:
    """Resources that a function must know the name of: not its log, its own queue, the identity that mail is sent from, or
    the key of a secret."""
    return set() if statement["Sid"] in _NOT_TOLD else resources(statement)
