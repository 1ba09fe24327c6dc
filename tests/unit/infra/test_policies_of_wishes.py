"""What the pages behind the links of notices and of kept wishes call, the API's policy allows."""

import re
import uuid
from collections.abc import Callable

import pytest

from chalicelib.core import clock
from chalicelib.domain.directory import feed
from chalicelib.domain.directory.feed import Outcome
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.call_recorder import Recorder
from tests.support.iam_policies import Call, allows, of_function
from tests.support.wishes import exercise, lift_path, mails


def unlist(cloud: Cloud, api: Api) -> None:
    address = f"q{uuid.uuid4().hex[:10]}@people.example"
    said = {"source": "register", "source_url": "https://register.example/1", "seen_at": clock.rfc3339(clock.now())}
    assert feed.take({**said, "name": "Ada Quvern", "notify": address}) is Outcome.STORED
    cloud.drain()
    link = re.search(r"/privacy/directory/\S+", mails(cloud, address)[-1]["text"])
    assert link
    assert api.press(link[0]).status_code == 200


def take_back(cloud: Cloud, api: Api) -> None:
    answer = exercise(cloud, f"q{uuid.uuid4().hex[:10]}@people.example", "objection")
    assert api.press(lift_path(cloud, answer)).status_code == 200


@pytest.mark.parametrize("press", [unlist, take_back])
def test_the_api_is_allowed_what_a_link_of_a_wish_does(
    cloud: Cloud, api: Api, press: Callable[[Cloud, Api], None]
) -> None:
    with Recorder(cloud) as recorder:
        press(cloud, api)
    called = {call for call in recorder.calls if call.function == "api" and call.signer == "platform"}
    notes = {call.action for call in called if "wished/" in str(call)}
    assert "s3:PutObject" in notes
    forbidden: list[Call] = [call for call in called if not allows(of_function("api"), call)]
    assert forbidden == []
