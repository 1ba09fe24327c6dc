"""Lambda's Invoke on this machine, as boto3 sees it."""

import json
import types
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from chalice import Chalice

from chalicelib.core.errors import Unavailable
from chalicelib.vault import aws
from infra.local import functions
from infra.local.cloud import Cloud
from infra.local.functions import Limits
from infra.local.invoke import MAX_PAYLOAD, Invocations


def module() -> types.ModuleType:
    made, app = types.ModuleType("called"), Chalice(app_name="called")

    @app.lambda_function(name="echo")
    def echo(event: Any, context: Any) -> Any:
        return {"event": event, "name": context.function_name, "ms": context.get_remaining_time_in_millis() > 0}

    @app.lambda_function(name="fails")
    def fails(event: Any, context: Any) -> Any:
        raise ValueError(event["why"])

    @app.lambda_function(name="strange")
    def strange(event: Any, context: Any) -> Any:
        return object()

    @app.lambda_function(name="grows")
    def grows(event: Any, context: Any) -> Any:
        return "x" * MAX_PAYLOAD

    @app.lambda_function(name="hangs")
    def hangs(event: Any, context: Any) -> Any:
        import threading

        threading.Event().wait(20)

    vars(made).update(app=app, echo=echo, fails=fails, strange=strange, grows=grows, hangs=hangs)
    return made


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    invocations = Invocations(module())
    invocations.limits["hangs"] = Limits(0.2, 128)
    yield boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x").client(
        "lambda",
        endpoint_url=invocations.url,
        region_name="eu-west-1",
        config=Config(retries={"total_max_attempts": 1}),
    )
    invocations.stop()


@pytest.mark.parametrize("name", ["echo", "echo:$LATEST", "arn:aws:lambda:eu-west-1:123456789012:function:echo"])
def test_a_function_answers_by_its_name_or_arn(client: Any, name: str) -> None:
    answer = client.invoke(FunctionName=name, Payload=json.dumps({"a": "é"}))
    assert (answer["StatusCode"], answer.get("FunctionError")) == (200, None)
    assert json.loads(answer["Payload"].read()) == {"event": {"a": "é"}, "name": "echo", "ms": True}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fails", "ValueError"),
        ("strange", "TypeError"),
        ("grows", "Function.ResponseSizeTooLarge"),
        ("hangs", "Sandbox.Timedout"),
    ],
)
def test_a_failure_is_a_200_with_a_header(client: Any, name: str, kind: str) -> None:
    answer = client.invoke(FunctionName=name, Payload=json.dumps({"why": "canary"}))
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert json.loads(answer["Payload"].read())["errorType"] == kind


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"FunctionName": "echo", "Payload": b"{"}, "InvalidRequestContentException"),
        ({"FunctionName": "echo", "Payload": b'"' + b"x" * MAX_PAYLOAD + b'"'}, "RequestTooLargeException"),
        ({"FunctionName": "echo", "InvocationType": "Event"}, "InvalidParameterValueException"),
    ],
)
def test_what_lambda_refuses_is_refused(client: Any, more: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        client.invoke(**more)
    assert refused.value.response["Error"]["Code"] == code


def test_every_function_of_ours_has_the_limits_that_it_is_deployed_with(cloud: Cloud) -> None:
    assert cloud.invocations.limits["billing"] == Limits(20, 256)
    assert functions.limits("nobody") == Limits(60, 128)


def test_whatever_goes_wrong_is_unavailable_to_our_own_caller_and_tried_once(cloud: Cloud) -> None:
    for name in ("nobody", "not a name", ""):
        with pytest.raises(Unavailable):
            aws.invoke(name, {})
    config = aws.client("lambda").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout + config.connect_timeout < 29
    assert functions.limits("billing").seconds < config.read_timeout
