"""Every AWS call of the backend, with the function that made it: what its policy has to allow."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self

from infra.local.cloud import Cloud
from tests.support.iam_policies import REGION, RESOURCES, Call

LOGICAL = {"api": "APIHandler", "inbound_mail": "InboundMail", "deletions": "Deletions", "work": "Work", "due": "Due"}
LOGICAL |= {"billing": "Billing", "replay": "Replay", "sync": "Sync", "directory_feed": "DirectoryFeed"}


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
        context = (("s3:prefix", p["Prefix"]),) if "Prefix" in p else ()
        for key in [each["Key"] for each in p["Delete"]["Objects"]] if "Delete" in p else [p.get("Key")]:
            yield f"s3:{action}", f"{bucket}/{key}" if key else bucket, context

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
