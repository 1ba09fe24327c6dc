"""What a member's input makes of a contact."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.actor import Actor
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, Forbidden, NotFound, Unprocessable
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, exact_of, key_of
from chalicelib.domain.redaction.links import holds_another
from chalicelib.domain.redaction.mentions import holds_identifier
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import COMPANY_HIDDEN, Kept

_WRONG = {
    "emails": (FieldCode.NOT_AN_ADDRESS, "This is not an e-mail address."),
    "phones": (FieldCode.INVALID, "This is not a phone number."),
    "profile_urls": (FieldCode.INVALID, "This is not the URL of a profile page."),
}


def changed(actor: Actor, before: ContactPayload, fields: Mapping[str, Any], at: str) -> ContactPayload:
    """Return the contact with the fields set as the member sent them; the same object where that changes nothing.

    A value that was there keeps its sources: sending it again does not make it the member's own. Unprocessable for what is
    invalid, by its form alone: nothing was asked yet of who is erased.
    """
    update: dict[str, Any] = {}
    values: dict[str, list[Kept]] = {}
    errors: list[FieldError] = []
    for name in SINGLE:
        if name in fields and not _stays(before, name, fields[name]):
            values[name] = _single(name, before, fields[name], at)
    for name in LISTS:
        if name in fields and not _stays(before, name, fields[name]):
            values[name] = _list(name, before, fields[name] or (), at, errors)
    if "notes" in fields:
        update["notes"] = fields["notes"] or None
    if "company_id" in fields:
        update |= _linked(actor, before, fields, at, errors, values)
    after = before.model_copy(update={**update, **before.with_values(values)})
    if not after.says_who and not fields.get("emails"):
        errors.append(
            FieldError(
                "body", FieldCode.NOBODY, "A contact needs a name, an e-mail address, a phone number or a profile."
            )
        )
    if errors:
        raise Unprocessable(errors)
    return before if after == before else stamped(before, after, at)


def _stays(before: ContactPayload, name: str, sent: str | Sequence[str] | None) -> bool:
    """Whether a restricted contact's field is sent as it is shown: what stands beside it goes on waiting."""
    if not before.restricted:
        return False
    there = getattr(before, name)
    if name in LISTS:
        return [kept.value for kept in there] == [*(sent or ())]
    return (there.value if there else "") == str(sent or "").strip()


def _single(name: str, before: ContactPayload, sent: str | None, at: str) -> list[Kept]:
    text, there, every = (sent or "").strip(), getattr(before, name), before.values_of(name)
    if text == (there.value if there else ""):
        return every
    return survivorship.write(every, text, at) if text else survivorship.clear(every, at)


def _list(name: str, before: ContactPayload, sent: Sequence[str], at: str, errors: list[FieldError]) -> list[Kept]:
    groups = survivorship.grouped(before.values_of(name), key_of(name))
    shown = {exact: kept.value for exact, group in groups.items() if (kept := survivorship.chosen(group))}
    made: dict[str, list[Kept]] = {}
    for index, text in enumerate(map(str.strip, sent)):
        try:
            exact = exact_of(name, text)
        except InvalidIdentifier:
            if text in shown:
                made[text] = groups[text]
            else:
                errors.append(FieldError(f"{name}.{index}", *_WRONG[name]))
            continue
        if (name == "phones" and holds_identifier(text)) or (name == "profile_urls" and holds_another(text)):
            errors.append(FieldError(f"{name}.{index}", *_WRONG[name]))
            continue
        value = EmailAddress.parse(text).text if name == "emails" else text
        group = groups.get(exact, [])
        made.setdefault(exact, group if shown.get(exact) == value else survivorship.write(group, value, at))
    for exact, group in groups.items():
        if exact not in made:
            made[exact] = survivorship.drop(group, at) if exact in shown else group
    return [kept for group in made.values() for kept in group]


def _linked(
    actor: Actor,
    before: ContactPayload,
    fields: Mapping[str, Any],
    at: str,
    errors: list[FieldError],
    values: dict[str, list[Kept]],
) -> dict[str, Any]:
    """The link to a company, which lends its name where the contact has none of its own: then the name is put into `values`."""
    company_id, named = fields["company_id"], before.company_name
    own_name = named is not None and not survivorship.is_lent(named) and "company_name" not in fields
    lends = not own_name and not fields.get("company_name")
    there = values.get("company_name", before.values_of("company_name"))
    if company_id is None:
        if lends:
            values["company_name"] = survivorship.lend(there, {}, at)
        return {"company_id": None, "company_from": ""}
    if company_id == before.company_id and (not lends or (named is not None and "company_name" not in fields)):
        return {}  # sent again; that company may have gone meanwhile
    try:
        company = companies.own(actor, company_id).unsealed(CompanyPayload)
    except (NotFound, Forbidden):
        errors.append(FieldError("company_id", FieldCode.UNKNOWN_COMPANY, "You have no such company."))
        return {}
    if lends:
        values["company_name"] = survivorship.link(there, company.lent_names(), at)
    return {"company_id": company_id, "company_from": COMPANY_HIDDEN if company.shared() is None else ""}
