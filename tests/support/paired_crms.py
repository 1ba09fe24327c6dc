"""Salesforce and HubSpot as one: whoever is in the one is in the other, and so is all that may not be read of either."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from infra.local.cloud import Cloud
from infra.simulators.hubspot.seed import FORBIDDEN, OF_COMPANIES, OF_CONTACTS
from infra.simulators.hubspot.simulator import HubSpot
from infra.simulators.salesforce.fields import FIELDS, MOMENTS, YES_OR_NO
from infra.simulators.salesforce.records import Objects as Org
from infra.simulators.salesforce.simulator import Salesforce
from tests.conftest import Member
from tests.support.consent_flow import connect, listed
from tests.support.hubspot_app import emptied

NAMES = ("salesforce", "hubspot")
# Our words, Salesforce's, HubSpot's: all of a person and of a company that may be read, besides ids, times and deletions.
PERSON = {
    "first": ("FirstName", "firstname"),
    "last": ("LastName", "lastname"),
    "email": ("Email", "email"),
    "title": ("Title", "jobtitle"),
    "company": ("AccountId", "associatedcompanyid"),
    "opted_out": ("HasOptedOutOfEmail", "hs_email_optout"),
}
COMPANY = {"name": ("Name", "name"), "domain": ("Website", "domain")}


@dataclass
class Crms:
    """The ids of people and companies are pairs: Salesforce's, HubSpot's. `forbidden`: what stands in every field that may not
    be read, by a word for the field."""

    cloud: Cloud
    salesforce: Salesforce
    hubspot: HubSpot
    forbidden: Callable[[str], str] = field(default=lambda word: f"forbidden {word}")

    def company(self, **told: str) -> tuple[str, str]:
        """A new one."""
        ours, theirs = _both(COMPANY, told)
        return (
            self.salesforce.crm.add("Account", **{**self._unread("Account"), **ours}),
            self.hubspot.objects.add("companies", {**self._texts("companies", OF_COMPANIES), **theirs}),
        )

    def person(self, company: tuple[str, str] | None = None, **told: str) -> tuple[str, str]:
        """A new one."""
        ours, theirs = _both(PERSON, told, company)
        return (
            self.salesforce.crm.add("Contact", **{**self._unread("Contact"), **ours}),
            self.hubspot.objects.add("contacts", {**self._texts("contacts", OF_CONTACTS), **theirs}),
        )

    def change(self, ident: tuple[str, str], company: tuple[str, str] | None = None, **told: str) -> None:
        """A person's new values."""
        ours, theirs = _both(PERSON, told, company)
        self.salesforce.crm.change("Contact", ident[0], **ours)
        self.hubspot.objects.change("contacts", ident[1], theirs)

    def delete(self, ident: tuple[str, str]) -> None:
        """A person."""
        self.salesforce.crm.delete("Contact", ident[0])
        self.hubspot.objects.archive("contacts", ident[1])

    def other_objects(self) -> int:
        """A record of every other object, marked in each field; how many fields there are that may not be read, in all."""
        for of in FIELDS:
            if of not in ("Contact", "Account"):
                self.salesforce.crm.add(of, **self._unread(of))
        for of, properties in FORBIDDEN.items():
            self.hubspot.objects.add(of, self._texts(of, properties))
        return sum(len(self._unread(of)) for of in FIELDS) + sum(
            map(len, (*FORBIDDEN.values(), OF_CONTACTS, OF_COMPANIES))
        )

    def connect(self, member: Member) -> None:
        """Both, as a member does it; nothing is read yet."""
        for name in NAMES:
            connect(self.cloud, member, name)

    def _unread(self, of: str) -> dict[str, str]:
        known = {ours for table in (PERSON, COMPANY) for ours, _ in table.values()}
        read = known | MOMENTS | YES_OR_NO | {"Id"} if of in ("Contact", "Account") else MOMENTS | YES_OR_NO | {"Id"}
        return {name: self.forbidden(f"{of}{name}") for name in FIELDS[of] if name not in read}

    def _texts(self, of: str, properties: dict[str, str]) -> dict[str, str]:
        return {name: self.forbidden(f"{of}{name}") for name in properties}


def own_crms(cloud: Cloud) -> Iterator[Crms]:
    """The cloud's own, empty, healthy and without a log; so they are left, too."""
    for hubspot in emptied(cloud):
        _empty(cloud.salesforce)
        yield Crms(cloud, cloud.salesforce, hubspot)
        _empty(cloud.salesforce)


def ask(cloud: Cloud, member: Member, *providers: str) -> None:
    """The member wants those connections, or all, to be read now; nothing is read yet."""
    member.api.token = cloud.issuer.token(member.email)
    for each in listed(member):
        if providers and each["provider"] not in providers:
            continue
        asked = member.api.post(f"/v1/connections/{each['id']}/sync")
        assert asked.status_code == 202, asked.text


def sync(cloud: Cloud, member: Member, *providers: str) -> None:
    """The same, and they are."""
    ask(cloud, member, *providers)
    cloud.drain()


def disconnect(cloud: Cloud, member: Member, *providers: str) -> None:
    """Those connections, or all, to the end."""
    member.api.token = cloud.issuer.token(member.email)
    for each in listed(member):
        if not providers or each["provider"] in providers:
            assert member.api.delete(f"/v1/connections/{each['id']}").status_code == 202
    cloud.drain()


def _both(
    table: dict[str, tuple[str, str]], told: dict[str, str], company: tuple[str, str] | None = None
) -> tuple[dict[str, object], dict[str, str]]:
    ours: dict[str, object] = {table[word][0]: value for word, value in told.items()}
    if "opted_out" in told:
        ours["HasOptedOutOfEmail"] = told["opted_out"] == "true"
    theirs = {table[word][1]: value for word, value in told.items()}
    if company:
        ours["AccountId"], theirs["associatedcompanyid"] = company
    return ours, theirs


def _empty(salesforce: Salesforce) -> None:
    salesforce.heal()
    salesforce.log.clear()
    salesforce.crm, salesforce.page_size = Org(), 2000
