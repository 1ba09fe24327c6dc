"""Every text that is stored, or that a request brings, is free text, which is searched for people, or is known to be none."""

from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

import app
from chalicelib.api.http import ENDPOINTS
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.kinds import RECORDS
from chalicelib.domain.privacy.asking_model import TaskPayload
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.redaction.texts import fields_of, mentioned_in, with_texts_redacted
from chalicelib.domain.sources.provenance import Kept, KeptSize
from chalicelib.store.declaration import Found

# No free text: where each comes from.
OURS = """made by us: ids, hashes, codes, counts by code, positions; what ends with `_at` is a time
    AskedPayload: task mails
    Said: connector at by
    Told: kind field
    TaskPayload: request records
    CertificatePayload: jws
    CheckpointPayload: at mark draw skipped unknown
    Kept: sources changed shared
    KeptSize: sources changed shared
    CompanyPayload: seen shown_from
    ConnectionPayload: tier reason scopes mails unshown sync_job
    Health: skipped incomplete
    HiddenField: field
    Ending: job
    ConsentPayload: tier verifier
    ContactPayload: company_id company_from shown_from seen kept_from
    SourceLinkPayload: digest
    ErasurePayload: of after unhandled
    EventPayload: type subscription status
    SurplusPayload: payments mails
    Surplus: id
    Cancelling: mails
    ExchangePayload: mailboxes
    Tally: rejected flows
    ExportingPayload: export
    FileRead: source format charset
    Origin: digest
    FeedPayload: version counts
    HeardPayload: marks
    IntroductionPayload: company_id path
    IntroductionRequestPayload: contact
    InvitationPayload: secret_hash request
    Claim: identity
    JobPayload: source failure
    JournalPayload: at about
    Entry: kind id since
    Shown: kind id since
    LeavingPayload: invitation jobs revoked_to revocation_unconfirmed
    LedgerPayload: facts ground
    LentNamesPayload: after
    LivesPayload: table after
    IndexPayload: digest blocks pairs
    MatchPayload: of first second into apart tags
    Evidence: field level
    Before: linked chained at
    MatchingPayload: after walking walked begun
    MemberPayload: identity mails digest unread
    ListingPayload: pk sk
    Notice: mails
    ProfilePayload: pinned_fields language
    OncePayload: request_hash resource
    OptOutPayload: source at
    PassPayload: seen gone unfit position settled merged
    OfficerAction: by action reason
    OfficerMail: mails told
    PersonPayload: salt
    PurgePayload: reason counts revoked_to revocation_unconfirmed certificate_id kinds mails
    Owner: language
    Erasing: certificate_id kinds
    Request: language written_in mails unread marks extended
    Right: reason
    Letter: name template reason
    Link: secret_hash
    RunPayload: outcome skipped
    SigningKeyPayload: jwk
    SubscriptionPayload: paypal_id plan known surplus
    Checkout: request paypal_id
    TermsAccepted: version
    Switch: was
    Telling: after
    TracesPayload: entries found
    UploadPayload: format
    WishPayload: sought
    Unsettled: after
"""
CHECKED = """checked to hold nobody's identifier when it comes in
    ConsentPayload: return_to login
    CompanyPayload: domain country source_ids
    ContactPayload: source_ids
    SourceLinkPayload: external_id
    JobPayload: columns
    FileRead: columns passed_over
    Tally: dropped
    MappingPayload: name columns
    SignalPayload: source
    TenantPayload: name
    UploadPayload: columns
    Values: name title company links
    Said: name title company links source url
    OwnProfilePatch: name title company links
    WorkspaceIn: name
    MappingIn: name columns
    SignalIn: source
    CompanyIn: domain country
    CompanyPatch: domain country
    AuthorizeIn: return_to login
    CheckoutIn: return_to
"""
OWN = """identifiers that the record is found by, and goes with at an erasure; the person's own request, the account's own names
    ContactIn: emails phones profile_urls
    InvitationIn: email
    InvitationPayload: email exact
    MemberPayload: email
    ProfilePayload: address exact
    Owner: email
    Address: text exact
    PersonPayload: text raw message_id more words changes
    Later: text
    OwnPart: addresses
    AskedPayload: reason
    Told: value
    TaskPayload: address
    AnswerIn: text
    DecisionIn: text
    SplitIn: about
    ConnectionPayload: account address base_url login
    ContactPayload: emails phones profile_urls
"""
UNKEPT = """compared with what there is, and stored nowhere
    ListQuery: cursor
    ChangesQuery: cursor
    CompanyQuery: cursor
    CompanySearch: cursor q
    DirectorySearch: cursor q company
    ContactSearch: cursor q company_id
    MatchesQuery: cursor
    ContactsQuery: cursor
    ContactIn: company_id
    WorkspaceIn: accept_terms
    AcceptIn: token
    CallbackQuery: state code error
    SignInQuery: state code error
    ImportQuery: format mapping
    UploadIn: format mapping
    AuthorizeIn: tier
    RequestsQuery: cursor language
    DecisionIn: reason
    MergeIn: into
    IntroductionIn: company_id path
"""
NO_TEXT = {
    (model.strip(), field)
    for table in (OURS, CHECKED, OWN, UNKEPT)
    for model, _, fields in (line.partition(":") for line in table.splitlines()[1:])
    for field in fields.split()
}
# Fields of requests that become free texts of these payloads.
BECOME = {
    "TaskAnswerIn": TaskPayload,
    "ContactIn": ContactPayload,
    "CompanyIn": CompanyPayload,
    "CompanyPatch": CompanyPayload,
}


def leaves(kind: Any) -> Iterator[Any]:
    """The types that a field's type is made of: str where any text may stand, models, others."""
    if get_origin(kind) is Annotated:
        yield from leaves(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType, list, dict, tuple, set, frozenset):
        for each in get_args(kind):
            yield from leaves(each)
    elif (
        get_origin(kind) is Literal or isinstance(kind, NewType) or (isinstance(kind, type) and issubclass(kind, Enum))
    ):
        return
    else:
        yield kind


def texts(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[type[BaseModel], str]]:
    """Each field of the model, and of those within it, in which any text may stand."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for leaf in leaves(field.annotation):
            if name == "beside":  # more values of the fields that it names
                continue
            if leaf is str:
                yield model, name
            elif isinstance(leaf, type) and issubclass(leaf, BaseModel) and leaf not in (Kept, KeptSize):
                yield from texts(leaf, seen)
            elif leaf in (Kept, KeptSize):
                yield model, name


def undeclared(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[str]:
    """The texts of the model that nobody says anything of."""
    found = []
    for owner, name in texts(model, seen):
        free = {*fields_of(owner), *fields_of(BECOME.get(owner.__name__, owner))}
        is_time = name.endswith("_at")
        if name not in free and not is_time and (owner.__name__, name) not in NO_TEXT:
            found.append(f"{owner.__name__}.{name}")
    return found


def test_every_text_that_is_stored_is_free_text_or_known_to_be_none() -> None:
    seen: set[type[BaseModel]] = {Kept, KeptSize}
    payloads = [record.declared.payload for record in RECORDS if record.declared.payload is not None]
    assert [name for payload in payloads for name in undeclared(payload, seen)] == []


def test_every_text_that_a_request_brings_is_free_text_or_known_to_be_none() -> None:
    assert app.app is not None
    seen: set[type[BaseModel]] = set()
    models = [each for e in ENDPOINTS for each in (e.body, e.query, e.instead.body if e.instead else None) if each]
    assert [name for model in models for name in undeclared(model, seen)] == []


def test_what_has_free_texts_is_found_by_its_mentions() -> None:
    having = {r.declared.kind: r.declared for r in RECORDS if r.declared.payload and fields_of(r.declared.payload)}
    assert sorted(having) == ["company", "contact", "task"]
    for declared in having.values():
        assert declared.found in (Found.POINTER, Found.MENTION)
        assert declared.redactor is not None


def test_a_new_text_needs_no_second_word() -> None:
    class Payload(CompanyPayload):
        motto: str | None = None

    assert undeclared(Payload, {Kept, KeptSize}) != []


ADDRESS = "anna@people.example"


@pytest.mark.parametrize("field", [name for name in fields_of(ContactPayload) if name != "notes"])
def test_a_hidden_value_is_searched_and_redacted_as_the_shown_one(field: str) -> None:
    shown = Kept(value="x", sources={"member": "2026-01-01T00:00:00Z"})
    hidden = Kept(value=f"x {ADDRESS}", sources={"hubspot:c": "2026-01-01T00:00:00Z"})
    payload = ContactPayload(**{field: shown}, beside={field: [hidden]})
    assert mentioned_in(payload) == marks_in(ADDRESS)

    def cut(text: str, *, prose: bool = True) -> str:
        assert not prose
        return text.replace(ADDRESS, "").strip()

    left = with_texts_redacted(payload, cut)
    assert left is not None
    assert left.values_of(field) == [Kept(value="x", sources={**shown.sources, **hidden.sources})]
    assert with_texts_redacted(left, cut) is None
