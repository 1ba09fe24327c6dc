"""What a member's input makes of a contact."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.actor import Actor
from chalicelib.core.errors import FieldError, Forbidden, NotFound, Unprocessable
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, exact_of, exact_or_text
from chalicelib.domain.redaction.mentions import holds_address
from chalicelib.domain.sources.privacy_class import COMPANY, COMPANY_HIDDEN, MEMBER
from chalicelib.domain.sources.provenance import Kept, keep, lent, shareable

_SENTENCES = {"phones": "This is not a phone number.", "profile_urls": "This is not the URL of a profile page."}


def changed(actor: Actor, before: ContactPayload, fields: Mapping[str, Any], at: str) -> ContactPayload:
    """The contact with the fields set as the member sent them; the same object where that changes nothing.

    A value that was there keeps its sources: sending it again does not make it the member's own. An address that is
    none is left out: the caller refuses it together with the erased ones. Unprocessable for what else is invalid.
    """
    update: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in SINGLE:
        if name in fields:
            update[name] = _single(name, getattr(before, name), fields[name], at, errors)
    for name in LISTS:
        if name in fields:
            update[name] = _list(name, getattr(before, name), fields[name] or (), at, errors)
    if "notes" in fields:
        update["notes"] = fields["notes"] or None
    if "company_id" in fields:
        update |= _linked(actor, before, fields, at, errors)
    after = before.model_copy(update=update)
    if not after.says_who and not fields.get("emails"):
        errors.append(
            FieldError("body", "nobody", "A contact needs a name, an e-mail address, a phone number or a profile.")
        )
    if errors:
        raise Unprocessable(errors)
    return before if after == before else stamped(before, after, at)


def _single(name: str, there: Kept | None, sent: str | None, at: str, errors: list[FieldError]) -> Kept | None:
    text = (sent or "").strip()
    if there is not None and there.value == text:
        return there
    if holds_address(text):
        errors.append(FieldError(name, "holds_address", "E-mail addresses are not allowed here. Put them into emails."))
    return keep(text, MEMBER, at)


def _list(name: str, there: list[Kept], sent: Sequence[str], at: str, errors: list[FieldError]) -> list[Kept]:
    known = {exact_or_text(name, kept.value): kept for kept in there}
    made: dict[str, Kept] = {}
    for index, text in enumerate(sent):
        try:
            exact = exact_of(name, text)
        except InvalidIdentifier:
            if text.strip() in known:
                made[text.strip()] = known[text.strip()]
            elif name != "emails":
                errors.append(FieldError(f"{name}.{index}", "invalid", _SENTENCES[name]))
            continue
        value = EmailAddress.parse(text).text if name == "emails" else text.strip()
        fresh = Kept(value=value, sources={MEMBER: at})
        made.setdefault(exact, known[exact].model_copy(update={"value": value}) if exact in known else fresh)
    return list(made.values())


def _linked(
    actor: Actor, before: ContactPayload, fields: Mapping[str, Any], at: str, errors: list[FieldError]
) -> dict[str, Any]:
    """The link to a company, which lends its name where the contact has none of its own."""
    company_id, named = fields["company_id"], before.company_name
    own_name = named is not None and not lent(named) and "company_name" not in fields
    lends = not own_name and not fields.get("company_name")
    if company_id is None:
        return {"company_id": None, "company_from": "", **({"company_name": None} if lends else {})}
    if company_id == before.company_id and (not lends or (named is not None and "company_name" not in fields)):
        return {}  # sent again; that company may have gone meanwhile
    try:
        company = companies.own(actor, company_id).unsealed(CompanyPayload)
    except (NotFound, Forbidden):
        errors.append(FieldError("company_id", "unknown_company", "You have no such company."))
        return {}
    hidden = shareable(company.name) is None
    linked = {"company_id": company_id, "company_from": COMPANY_HIDDEN if hidden else ""}
    if not lends:
        return linked
    same = named is not None and named.value == company.name.value
    source = COMPANY_HIDDEN if hidden else COMPANY
    return {**linked, "company_name": named if same else keep(company.name.value, source, at)}
