"""What a list costs in a team of 300: the calls, and how often it waits for one of them or for several side by side."""

import uuid

from infra.local.cloud import Cloud
from tests.bench import inside
from tests.bench.process import Functions
from tests.bench.team import Team, team

MEMBERS = 300
_ASKED = (
    ("GET", "/v1/contacts", None),
    ("POST", "/v1/contacts/search", {"tag": "client"}),
    ("GET", "/v1/changes", None),
)


def lists(cloud: Cloud, functions: Functions) -> dict[str, float]:
    """By route, for a team of whom all share, and for one of whom every other does: calls to DynamoDB, and waits."""
    figures: dict[str, float] = {}
    for who, every in (("all share", 1), ("every other shares", 2)):
        own = _team(cloud, functions, every)
        for method, path, body in _ASKED:
            own.ask(method, path, body)  # warm
            event = functions.event(cloud.issuer.token(own.email), method, path, body)
            calls, waits = functions.run(inside.waits, event).answer
            figures |= {f"{method} {path}, {who}: calls": calls, f"{method} {path}, {who}: waits": waits}
    return figures


def _team(cloud: Cloud, functions: Functions, every: int) -> Team:
    """A workspace whose every seventh other member has a contact: together fewer than a page holds."""
    from chalicelib.core import clock, ids
    from chalicelib.domain.accounts.model import MemberPayload, MemberSettings
    from chalicelib.domain.accounts.records import MemberRow
    from chalicelib.domain.contacts.model import ContactPayload
    from chalicelib.domain.contacts.records import ContactRecord
    from chalicelib.domain.sources.provenance import Kept
    from chalicelib.store import batch

    own, now = team(cloud, functions), clock.now()
    at = clock.rfc3339(now)
    members, contacts = [], []
    for number in range(MEMBERS - 1):
        ident, shares = ids.new_member(), number % every == 0
        payload = MemberPayload(
            email=f"m{number}@team.example",
            identity=uuid.uuid4().hex,
            settings=MemberSettings(share_tags=shares, share_contacts=shares),
            created_at=now,
            updated_at=now,
        )
        members.append(MemberRow.build(f"tenant#{own.tenant}", f"member#{ident}", payload))
        if number % 7 == 0:
            name = Kept(value=f"N{number}", sources={"member": at})
            contact = ContactPayload(first_name=name, created_at=at, updated_at=at)
            sk = ids.sort_key("contact", ids.owner_code(ident), ids.ulid())
            contacts.append(ContactRecord.build(own.tenant, sk, contact))
    batch.put_all(members)
    batch.put_all(contacts)
    return own
