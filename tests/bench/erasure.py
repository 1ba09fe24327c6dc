"""Calls of one erasure pass, in a system of more and more tenants; and of a daily pass over a tenant with nothing to do."""

import uuid

from infra.local.cloud import Cloud
from tests.bench.process import Functions, Measured
from tests.bench.team import Team, team
from tests.conftest import Api
from tests.support.privacy_mail import link_in


def of_a_person(cloud: Cloud, functions: Functions, tenants: int) -> Measured:
    """The first pass of an erasure, when that many more tenants hold somebody else."""
    for _ in range(tenants):
        team(cloud, functions).contact(first_name="Other", emails=[f"{uuid.uuid4().hex}@bench.example"])
    address = f"{uuid.uuid4().hex}@bench.example"
    team(cloud, functions).contact(first_name="One", emails=[address])
    person = Api(cloud.url)
    form = {"email": address, "right": "erasure"}
    assert person.post("/privacy", data=form).status_code == 200
    cloud.drain()
    (told,) = [mail for mail in cloud.sent_mail() if address in mail["to"]]
    link = link_in(told["text"])
    assert person.press(link.removeprefix(cloud.url)).status_code == 200
    measured = functions.take("deletions", "request", link.rsplit("/", 1)[1].split(".")[0])
    cloud.drain()
    return measured


def nothing_expired(own: Team, contacts: int) -> Measured:
    """A daily pass over a tenant with that many contacts, none of which has come to its end."""
    from chalicelib.domain.accounts.model import LIVES_DUE

    rows = [f"Given{n},Family{n},lives{n}@bench.example" for n in range(contacts)]
    own.run("work", "import", own.send_file(rows).body["job"]["id"])
    return own.functions.take("work", LIVES_DUE, own.tenant)
