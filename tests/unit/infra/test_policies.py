"""Each function may do what it does and little else: the policies of .chalice/ against the calls of real flows."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest

from infra.local.cloud import Cloud
from infra.local.poller import poll_once
from infra.local.provision import TEMPLATE
from infra.local.template import load
from tests.conftest import Api, Member
from tests.support.iam import Call, allows, of_function, resources
from tests.support.uploading import start, upload

FUNCTIONS = ("api", "identity", "inbound_mail", "deletions", "work", "due")
LOGICAL = {"api": "APIHandler", "inbound_mail": "InboundMail", "deletions": "Deletions", "work": "Work", "due": "Due"}
TENANT_ROLE = load(TEMPLATE)["Resources"]["TenantRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
WIRING = load(TEMPLATE.with_name("wiring.yaml"))["Resources"]
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nMara,Lind,,{email},Nordwerk,CEO,03 Mar 2024\n"


class Recorder:
    """Notes every AWS call of the backend with the function that made it."""

    def __init__(self, cloud: Cloud) -> None:
        from chalicelib.connectors.mail import sending
        from chalicelib.vault import aws

        self.calls: set[Call] = set()
        self.function = ""
        self._names = {value: name for name, value in cloud.outputs.items()}
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
        from chalicelib.vault import signing
        from chalicelib.vault.keys import ring

        self.function = function
        ring._kept.clear()
        signing.public_jwk.cache_clear()

    def _noting(self, signer: str) -> Callable[..., None]:
        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            # The API runs in threads of the gateway, everything else in the test's.
            function = "api" if threading.current_thread().name.startswith("api") else self.function
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
        elif service == "sqs":
            yield f"sqs:{operation}", self._logical(p["QueueUrl"]), ()
        else:
            yield "ses:SendRawEmail", "MailIdentity", ()

    def _objects(self, operation: str, p: dict[str, Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        bucket = self._logical(p["Bucket"])
        if operation == "ListObjectsV2":
            yield "s3:ListBucket", bucket, ()
            return
        if operation == "CreateBucket":  # so botocore calls the signing of a form, whose signer must be allowed to put
            yield "s3:PutObject", f"{bucket}/", ()
            return
        keys = [each["Key"] for each in p["Delete"]["Objects"]] if operation == "DeleteObjects" else [p["Key"]]
        for key in keys:
            yield f"s3:{operation.replace('Objects', 'Object')}", f"{bucket}/{key}", ()

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


_CLIENTS: tuple[tuple[str, Any], ...] = (
    ("dynamodb", "platform"),
    ("dynamodb", "tenant"),
    ("kms", "platform"),
    ("s3", "platform"),
    ("sqs", "platform"),
)


def _leading(p: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The partition key of a call: the first of its key's, its item's or its condition's values that can be one."""
    named = p.get("Key") or p.get("Item") or {}
    values = [named[name] for name in ("tenant", "scope", "pk") if name in named]
    values += list(p.get("ExpressionAttributeValues", {}).values())[:1] if not values else []
    return tuple(("dynamodb:LeadingKeys", value["S"]) for value in values[:1] if "S" in value)


@pytest.fixture(scope="module")
def calls(cloud: Cloud, new_workspace: Callable[..., Member], drop_mail: Callable[..., str]) -> set[Call]:
    """What every function called while an owner imports a person, both ways, and the person has itself erased by mail."""
    with Recorder(cloud) as recorder:
        owner = new_workspace()
        address = f"mara-{owner.id[-8:]}@person.example"
        body = LINKEDIN.format(email=address).encode()
        assert owner.api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"}).status_code == 202
        owner.api.post("/v1/companies", {"name": "Nordwerk", "tag": "client"})
        owner.api.post("/v1/contacts", {"first_name": "Jo", "emails": [f"jo.{address}"]})
        owner.api.get("/v1/me")
        owner.api.get("/v1/contacts")
        start(owner, upload(owner, body))
        _run(cloud, recorder)
        drop_mail(f"From: {address}\r\nSubject: Erasure\r\n\r\nPlease delete all my data.\r\n".encode())
        _run(cloud, recorder)
        link = _link(cloud, address)
        Api("").session.post(link, timeout=30, **_form(link))
        for _ in range(4):
            _run(cloud, recorder)
            cloud.advance(400)
        Api(cloud.url).get("/.well-known/jwks.json")
        certificate = cloud.sent_mail()[-1]
    assert address in certificate["to"], "the flow did not come to its end"
    assert owner.api.get("/v1/contacts").status_code == 200
    return recorder.calls


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
    for function in FUNCTIONS:
        actions = {
            action
            for statement in of_function(function)
            if "CredentialsKey" in resources(statement)
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert actions == ({"kms:Encrypt"} if function == "api" else set())


def test_only_an_erasure_finds_a_person_across_tenants() -> None:
    may = [f for f in FUNCTIONS if any("TenantDataTable/index/by_subject" in resources(s) for s in of_function(f))]
    assert may == ["deletions"]
    for function in FUNCTIONS:
        for statement in of_function(function):
            assert not resources(statement) & {"TenantDataTable", "CredentialsTable"}, "only as one tenant, by its role"


@pytest.mark.parametrize("function", LOGICAL)
def test_a_function_is_told_what_it_may_use_and_nothing_else(function: str) -> None:
    told = WIRING[LOGICAL[function]]["Properties"]["Environment"]["Variables"]
    named = {_target(value) for value in told.values()}
    used = {re.split("[/]", each)[0] for statement in of_function(function) for each in _told_of(statement)}
    if "TenantRole" in used:
        used |= {"TenantDataTable", "TenantKeysTable"} | ({"CredentialsTable"} if function == "api" else set())
    assert named == used, json.dumps(sorted(named ^ used))


def _target(value: dict[str, Any]) -> str:
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


def _told_of(statement: dict[str, Any]) -> set[str]:
    """Resources that a function must know the name of: not its log, its own queue, or the identity that mail is sent from."""
    if statement["Sid"] in ("OwnLog", "ConsumeItsQueue", "SendOurMail"):
        return set()
    return resources(statement)
