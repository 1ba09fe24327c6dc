"""The deployment template: Chalice's, with resources.yaml and wiring.yaml laid over it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from chalice.deploy.packager import LambdaDeploymentPackager
from chalice.utils import OSUtils

import app
from chalicelib.core import errors, settings
from infra import package
from infra.local import functions
from infra.local.template import load

ROOT = Path(__file__).resolve().parents[3]
Template = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("package")
    package.template(made, with_code=False)
    return made


@pytest.fixture(scope="module")
def template(folder: Path) -> Template:
    made: Template = json.loads((folder / "sam.json").read_text())
    return made


def lambdas(template: Template) -> dict[str, dict[str, Any]]:
    return {n: r["Properties"] for n, r in template["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}


def test_the_template_is_valid_cloudformation(folder: Path) -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(folder / "sam.json"), str(ROOT / "infra/resources.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_nothing_of_ours_collides_with_what_chalice_makes(template: Template) -> None:
    resources, wiring = (load(ROOT / "infra" / name)["Resources"] for name in ("resources.yaml", "wiring.yaml"))
    for name, resource in resources.items():
        assert template["Resources"][name] == json.loads(json.dumps(resource)), f"{name} was merged with another"
    chalices = set(template["Resources"]) - set(resources)
    assert set(wiring) <= chalices, "wiring.yaml names something that Chalice does not make"
    for name, resource in wiring.items():
        assert "Type" not in resource, f"{name} would be a resource: it belongs in resources.yaml"


def test_bodies_reach_the_function_as_they_were_sent(template: Template) -> None:
    passed = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    texts = {"application/json", "application/merge-patch+json", "application/x-www-form-urlencoded"}
    assert set(passed) == texts | set(app.app.api.binary_types)


def test_every_queue_function_reports_single_failures(template: Template) -> None:
    for name, function in lambdas(template).items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
                assert set(event["Properties"]) >= {"Queue", "BatchSize"}, "the overlay names no event of Chalice's"
    assert functions.partial_failures() == {"inbound_mail", "deletions", "work", "sync"}


def test_times_fit_together(template: Template) -> None:
    longest = max(function["Timeout"] for function in lambdas(template).values())
    told = template["Globals"]["Function"]["Environment"]["Variables"]["IKO_WAIT_LONGEST_FUNCTION_SECONDS"]
    assert int(told) == longest, "the second pass of an erasure would come too early"
    assert lambdas(template)["APIHandler"]["Timeout"] <= 29, "API Gateway waits no longer"
    queues = {
        r["Properties"]["QueueName"]: r["Properties"]
        for n, r in template["Resources"].items()
        if r["Type"] == "AWS::SQS::Queue"
    }
    for name, function in lambdas(template).items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = queues[event["Properties"]["Queue"]["Fn::Sub"].rsplit(":", 1)[1]]
                assert queue["VisibilityTimeout"] >= 6 * function["Timeout"], name


def test_every_function_is_told_what_it_needs_and_nothing_that_no_setting_reads(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {name: each.get("Default", "given at deployment") for name, each in template["Parameters"].items()}
    everywhere = template["Globals"]["Function"]["Environment"]["Variables"]
    known = set(settings.Settings.variables())
    for name, function in lambdas(template).items():
        told = {**everywhere, **function.get("Environment", {}).get("Variables", {})}
        assert set(told) <= known, f"{name}: no setting reads {sorted(set(told) - known)}"
        with monkeypatch.context() as there:
            for variable in known:
                there.delenv(variable, raising=False)
            there.setenv("AWS_REGION", "eu-west-1")
            for variable, value in told.items():
                there.setenv(variable, parameters.get(value["Ref"], "arn") if "Ref" in value else str(value))
            assert not settings.from_environment().local, name


def test_every_gateway_answer_is_a_problem_that_browsers_can_read(template: Template) -> None:
    answers = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    needed = {
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "UNAUTHORIZED",
        "ACCESS_DENIED",
        "MISSING_AUTHENTICATION_TOKEN",
        "REQUEST_TOO_LARGE",
    }
    assert set(answers) >= needed
    known = {
        error.code: error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.IkoError)
    }
    for kind, answer in answers.items():
        assert answer["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        ((media_type, text),) = answer["responseTemplates"].items()
        assert media_type == "application/problem+json"
        body = json.loads(text)
        assert str(body["status"]) == answer["statusCode"], kind
        assert body["type"].endswith(f"/{body['code']}")
        if body["code"] in known and body["code"] != "internal_error":
            assert (body["status"], body["title"]) == (known[body["code"]].status, known[body["code"]].title)


def test_the_api_is_regional_and_every_route_knows_its_authorizer(template: Template) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL", "an edge endpoint would leave the region"
    for path, methods in api["DefinitionBody"]["paths"].items():
        for method, described in methods.items():
            if path.startswith("/v1") and method != "options":
                assert described["security"] == [{"identity": []}], f"{method} {path}"


def test_nothing_names_another_region_or_account(template: Template) -> None:
    text = json.dumps(template)
    assert not re.findall(r"\b(?:us|eu|ap|sa|ca|me|af)-(?:north|south|east|west|central)[a-z]*-\d", text)
    assert not re.findall(r":\d{12}:", text)


def test_the_overlay_refuses_what_is_defined_twice(tmp_path: Path) -> None:
    resources = load(ROOT / "infra" / "resources.yaml")
    wiring = load(ROOT / "infra" / "wiring.yaml")
    assert (
        package.merged(resources, wiring)["Parameters"].keys()
        == resources["Parameters"].keys() | wiring["Parameters"].keys()
    )
    with pytest.raises(ValueError, match="TenantKey"):
        package.merged(resources, {"Resources": {"TenantKey": {}}})


def test_the_package_holds_the_app_alone_no_cloud_and_no_simulator() -> None:
    packager = LambdaDeploymentPackager(OSUtils(), dependency_builder=None, ui=None)
    packed = {name for _, name in packager._iter_app_filenames(str(ROOT))}
    assert {name.partition("/")[0] for name in packed} == {"app.py", "chalice", "chalicelib"}


def test_the_package_leaves_out_what_no_function_reads(tmp_path: Path) -> None:
    archive = tmp_path / "deployment.zip"
    documents = "googleapiclient/discovery_cache/documents/"
    names = ["app.py", f"{documents}gmail.v1.json", f"{documents}drive.v3.json", "vobject/tests/test.py"]
    with zipfile.ZipFile(archive, "w") as made:
        for name in names:
            made.writestr(name, "x" * 10)
    assert package.slim(archive) == 20
    assert zipfile.ZipFile(archive).namelist() == ["app.py", f"{documents}gmail.v1.json"]
