"""What stays of a contact that no connection shows any more, for what its member said of it, and who sees that."""

from typing import Any

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.contacts import annotated
from chalicelib.domain.contacts.merge import ContactDraft, follow, merge
from chalicelib.domain.contacts.model import ContactPayload, Kept
from chalicelib.domain.sources.provenance import COMPANY_HIDDEN, MEMBER, MEMBER_HIDDEN, MEMBER_KEPT

T1, T2, T3 = (f"2026-0{month}-01T00:00:00.000Z" for month in range(1, 4))
GOOGLE, CRM, OTHER = "google:cxn_1", "hubspot:cxn_2", "salesforce:cxn_3"
PHONE = Kept(value="+49 30 1234567", sources={MEMBER: T1})


def said(source: str, name: str = "Zoe", **more: Any) -> ContactDraft:
    emails = (EmailAddress.parse(f"{name.lower()}@x.example"),)
    return ContactDraft(**{"first_name": name, "emails": emails, "source_id": f"{source}:7", **more})


def shown_by(*sources: str, **more: Any) -> ContactPayload:
    payload = ContactPayload(created_at=T1)
    for source in sources:
        payload = follow(payload, said(source), source, T1)
    return payload.model_copy(update={"seen": dict.fromkeys(sources, T1), **more})


def left(payload: ContactPayload, *sources: str, tagged: str = "", silent: bool = False) -> ContactPayload | None:
    return annotated.left(payload, frozenset(sources), T2, tagged.__eq__, silent=silent)


def sources_of(payload: ContactPayload) -> list[list[str]]:
    return [sorted(kept.sources) for kept in payload.values()]


def test_every_word_of_the_member_keeps_the_contact_and_nothing_else_does() -> None:
    words: tuple[dict[str, Any], ...] = (
        {"notes": "met in Bonn"},
        {"phones": [PHONE]},
        {"company_id": "com_1"},
        {"company_id": "com_1", "company_from": COMPANY_HIDDEN},
        {"company_id": "com_2", "company_from": CRM},
    )
    for word in words:
        kept = left(shown_by(CRM, **word), CRM, tagged="com_2")
        assert kept is not None, word
        assert (kept.first_name and kept.first_name.value, kept.emails[0].value) == ("Zoe", "zoe@x.example")
        assert (kept.kept_at, kept.kept_from, kept.source_ids, kept.seen) == (T2, [CRM], [], {})
        assert kept.updated_at == T1
    for nothing in ({}, {"company_id": "com_1", "company_from": CRM}, {"opted_out": True}):
        assert left(shown_by(CRM, **nothing), CRM, tagged="com_2") is None, nothing


def test_only_a_value_that_others_see_keeps_for_them_what_they_saw() -> None:
    for source, word, seen in (
        (GOOGLE, {"phones": [PHONE]}, ["Zoe", "zoe@x.example", PHONE.value]),
        (GOOGLE, {"notes": "met in Bonn"}, None),
        (CRM, {"phones": [PHONE]}, [PHONE.value]),
        (CRM, {"notes": "met in Bonn"}, None),
    ):
        kept = left(shown_by(source, **word), source)
        assert kept is not None
        shared = kept.shared(with_companies=True)
        assert (shared and [each.value for each in shared.values()]) == seen, (source, word)
        told = {name for each in (shared.values() if shared else ()) for name in each.sources}
        assert told <= {MEMBER}, "neither the connection nor that it is gone"
        assert shared is None or (shared.kept_at, shared.kept_from) == ("", [])


def test_others_see_the_same_whether_or_not_a_crm_shows_the_contact_too() -> None:
    for word in ({"phones": [PHONE]}, {"notes": "met in Bonn"}, {}):
        alone, beside = shown_by(GOOGLE, **word), shown_by(GOOGLE, CRM, **word)
        first, second = left(alone, GOOGLE), left(beside, GOOGLE)
        assert second is not None
        assert (first and first.shared(with_companies=True)) == second.shared(with_companies=True), word
        both = left(beside, GOOGLE, CRM)
        assert (both and both.shared(with_companies=True)) == (first and first.shared(with_companies=True)), word


def test_what_another_source_vouches_for_stays_as_that_source_has_it() -> None:
    payload = follow(shown_by(GOOGLE, notes="met in Bonn"), said(CRM, title="Chief"), CRM, T1)
    after = left(payload, CRM)
    assert after is not None
    assert (after.title, after.kept_at, sources_of(after)) == (None, "", [[GOOGLE], [GOOGLE]])
    file = merge(shown_by(CRM, notes="met in Bonn"), said("import:vcard"), "import:vcard", T1)
    assert file is not None
    again = left(file, CRM)
    assert again is not None
    assert (again.kept_at, sources_of(again)) == ("", [["import:vcard"], ["import:vcard"]])


def test_one_that_the_member_told_itself_loses_what_the_connection_added() -> None:
    own = {
        "first_name": Kept(value="Zoe", sources={MEMBER: T1}),
        "emails": [Kept(value="own@x.example", sources={MEMBER: T1})],
    }
    payload = follow(ContactPayload(created_at=T1, notes="met in Bonn", **own), said(CRM, title="Chief"), CRM, T1)
    assert [each.value for each in payload.emails] == ["own@x.example", "zoe@x.example"]
    after = left(payload, CRM)
    assert after is not None
    assert ([each.value for each in after.values()], after.kept_at) == (["Zoe", "own@x.example"], "")


def test_a_silent_connection_that_shows_it_again_takes_back_what_was_kept() -> None:
    payload = shown_by(CRM, OTHER, notes="met in Bonn")
    kept = left(payload, CRM, OTHER, silent=True)
    assert kept is not None
    assert (kept.source_ids, kept.seen) == (payload.source_ids, {}), "they are found by these"
    one = follow(kept, said(CRM, "Zora"), CRM, T3)
    assert (one.kept_from, one.kept_at) == ([OTHER], T2)
    assert [each.value for each in one.emails] == ["zoe@x.example", "zora@x.example"]
    both = follow(one, said(OTHER, "Zora"), OTHER, T3)
    assert (both.kept_from, both.kept_at, both.notes) == ([], "", "met in Bonn")
    assert [(each.value, sorted(each.sources)) for each in both.emails] == [("zora@x.example", [CRM, OTHER])]
    stranger = follow(kept, said(GOOGLE, "Zora"), GOOGLE, T3)
    assert stranger.first_name is not None
    assert stranger.first_name.value == "Zora", "what was kept yields to what somebody says now"
    assert [each.value for each in stranger.emails] == ["zoe@x.example", "zora@x.example"]


def test_the_link_of_a_tagged_company_stays_and_comes_back() -> None:
    lent = [Kept(value="Nord", sources={COMPANY_HIDDEN: T1})]
    payload = shown_by(CRM, company_id="com_2", company_from=CRM)
    payload = payload.model_copy(update=payload.with_values({"company_name": lent}))
    kept = left(payload, CRM, tagged="com_2", silent=True)
    assert kept is not None
    assert (kept.company_id, kept.company_from, kept.link_is_hidden) == ("com_2", MEMBER_HIDDEN, True)
    assert kept.company_name == Kept(value="Nord", sources={COMPANY_HIDDEN: T2})
    back = follow(kept, said(CRM, company_id="com_2", lent={COMPANY_HIDDEN: "Nord"}), CRM, T3)
    assert (back.company_id, back.company_from, back.company_name) == ("com_2", CRM, kept.company_name)
    noted = left(payload.model_copy(update={"notes": "met"}), CRM)
    assert noted is not None
    assert (noted.company_id, noted.company_from) == (None, "")
    assert noted.company_name == Kept(value="Nord", sources={MEMBER_HIDDEN: T2}), "its name is what is left of the link"


def test_who_wants_nothing_kept_loses_what_was_kept_before_too() -> None:
    noted = shown_by(CRM, notes="met in Bonn")
    assert annotated.without(noted, frozenset({CRM})) is None
    kept = left(noted, CRM, silent=True)
    assert kept is not None
    assert annotated.without(kept, frozenset({CRM})) is None
    other = annotated.without(kept, frozenset({GOOGLE}))
    assert other is not None
    assert other.kept_at == T2, "it was kept of another connection"
    assert annotated.without(shown_by(CRM, phones=[PHONE]), frozenset({CRM})) is None
    typed = annotated.without(shown_by(CRM, last_name=Kept(value="Lee", sources={MEMBER: T1})), frozenset({CRM}))
    assert typed is not None
    assert [each.value for each in typed.values()] == ["Lee"]


def test_what_was_kept_openly_is_shown_as_the_members_own() -> None:
    kept = left(shown_by(GOOGLE, phones=[PHONE]), GOOGLE)
    assert kept is not None
    assert kept.sources == {MEMBER: T1, MEMBER_KEPT: T2}
