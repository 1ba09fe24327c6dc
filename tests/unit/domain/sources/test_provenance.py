"""Spellings, provenance, and what a shared company shows."""

from chalicelib.domain.companies.model import CompanyPayload, Tag, stamped
from chalicelib.domain.companies.source_updates import CompanyDraft, follow, forget, started
from chalicelib.domain.redaction.folding import spellings
from chalicelib.domain.sources.provenance import (
    COMPANY,
    COMPANY_HIDDEN,
    Kept,
    KeptSize,
    keep,
    united,
)
from chalicelib.domain.visibility.values import shareable

T1, T2 = "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"


def test_an_umlaut_is_also_spelled_out() -> None:
    assert spellings("Müller") & spellings("MUELLER")
    assert not spellings("Müller") & spellings("Möller")


def test_a_value_keeps_its_first_time_and_loses_its_crm_when_shared() -> None:
    kept = Kept(value="x", sources={"hubspot": T1}).also("member", T2).also("member", T1)
    assert kept.sources == {"hubspot": T1, "member": T2}
    assert shareable([kept]) == Kept(value="x", sources={"member": T2})
    assert shareable([Kept(value="x", sources={"hubspot": T1})]) is None
    assert keep("", "member", T1) is None
    assert united([kept, Kept(value="y", sources={COMPANY: T1})]) == {"hubspot": T1, "member": T2}


def test_others_are_not_told_which_connection_it_was_nor_what_only_one_for_the_owner_says() -> None:
    linkedin, google = "linkedin:cxn_a", "google:cxn_b"
    kept = Kept(value="x", sources={google: T2, "google:cxn_c": T1, linkedin: T1, "import:linkedin_csv": T2})
    assert shareable([kept]) == Kept(value="x", sources={"google": T1, "import:linkedin_csv": T2})
    assert shareable([Kept(value="x", sources={linkedin: T1, "salesforce:cxn_d": T1})]) is None
    assert shareable([Kept(value="x", sources={COMPANY_HIDDEN: T1})]) is None
    assert united([Kept(value="x", sources={COMPANY_HIDDEN: T1, google: T2})]) == {google: T2}


def test_a_companys_notes_are_never_shown_nor_do_they_move_its_time() -> None:
    made = stamped(None, CompanyPayload(name=Kept(value="A", sources={"member": T1}), created_at=T1), T1)
    noted = stamped(
        made, made.model_copy(update={"notes": "n", "size": KeptSize(value=3, sources={"hubspot": T2})}), T2
    )
    assert noted.updated_at == T2
    assert noted.shared() == made.shared()
    assert stamped(noted, noted.model_copy(update={"tag": Tag.CLIENT}), T2).shown_at == T2


DRAFT = CompanyDraft("Nord AG", "nord.example", "hubspot:cxn_a:1")


def test_a_company_follows_its_source_but_for_what_the_member_says() -> None:
    made = started(DRAFT, "hubspot:cxn_a", T1)
    assert follow(made, DRAFT, "hubspot:cxn_a", T2) is made
    moved = follow(made, CompanyDraft("Nord SE", "", DRAFT.source_id), "hubspot:cxn_a", T2)
    assert (moved.name.value, moved.domain) == ("Nord SE", None)
    mine = made.model_copy(update={"name": Kept(value="Nord", sources={"member": T1})})
    assert follow(mine, DRAFT, "hubspot:cxn_a", T2).name.value == "Nord"


def test_a_company_that_its_source_leaves_is_the_members_only_where_the_member_made_it_so() -> None:
    made = started(DRAFT, "hubspot:cxn_a", T1)
    assert forget(made, frozenset({"hubspot:cxn_a"}), T2) is None
    tagged = forget(made.model_copy(update={"tag": Tag.CLIENT}), frozenset({"hubspot:cxn_a"}), T2)
    assert tagged is not None
    kept = Kept(value="Nord AG", sources={"member:hidden": T2})
    assert (tagged.name, tagged.domain, tagged.source_ids, tagged.shared()) == (kept, None, [], None)
    other = follow(made, CompanyDraft("North", "nord.example", "google:cxn_b:9"), "google:cxn_b", T2)
    left = forget(other, frozenset({"hubspot:cxn_a"}), T2)
    assert left is not None
    assert (left.name.value, left.name.sources) == ("North", {"google:cxn_b": T2})
    bare = forget(other.model_copy(update={"beside": {}}), frozenset({"hubspot:cxn_a"}), T2)
    assert bare is not None
    assert (bare.name.value, bare.name.sources) == ("nord.example", {"google:cxn_b": T2}), "it goes by its domain"
