"""P8: what a search costs tells nothing of values that are not shown to whoever searches."""

from collections.abc import Callable

from chalicelib.domain.contacts.model import Kept
from tests.conftest import Member
from tests.support.aged_records import at, contact, put
from tests.support.counted_calls import CountedCalls


def test_a_search_costs_the_same_whether_or_not_a_crm_has_the_word(
    member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    """The contact's life is over, so that whoever is shown it needs its company's tag, which is another call."""
    assert member.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True}).status_code == 200
    company = member.api.post("/v1/companies", {"name": "Buyer", "tag": "client"}).json()["id"]
    from_crm = Kept(value="Whispered", sources={"hubspot:cxn_a": at(1097)})
    put(member, contact("Old", at(1097), company_id=company, company_name=from_crm))
    colleague = new_colleague(member)
    calls = []
    with CountedCalls() as counted:
        for word in ("whispered", "unheard-of", "whispered"):  # the first one warms what is read once a minute
            counted.taken()
            assert colleague.api.post("/v1/contacts/search", {"q": word}).json()["items"] == []
            calls.append(counted.taken())
    assert calls[1] == calls[2]
    assert len(member.api.post("/v1/contacts/search", {"q": "whispered"}).json()["items"]) == 1
