"""What is in the members' org at the start: people with their companies, and beside them all that no connector may read.

Each text that may not be read begins with FORBIDDEN, so that a leak is seen by one word.
"""

from infra.simulators.people import KNOWN, Somebody, people
from infra.simulators.salesforce.records import Objects

FORBIDDEN = "salesforce-forbidden"
_OPTED_OUT_EVERY = 17


def fill(crm: Objects) -> None:
    """The people of infra.simulators.people whom Salesforce knows; every seventeenth has opted out of e-mail."""
    known = [somebody for somebody in people() if somebody.number in KNOWN["salesforce"]]
    accounts: dict[int, str] = {}
    for somebody in known:
        employer = somebody.company
        if employer.number not in accounts:
            website = f"https://www.{employer.domain}"
            hidden = {"AnnualRevenue": 123456789, "Description": f"{FORBIDDEN} account description {employer.number}"}
            accounts[employer.number] = crm.add("Account", Name=employer.name, Website=website, **hidden)
        account = accounts[employer.number]
        contact = _contact(crm, somebody, account)
        if somebody.number % 10 == 0:
            _beside(crm, account, contact, somebody.number)


def _contact(crm: Objects, somebody: Somebody, account: str) -> str:
    return crm.add(
        "Contact",
        FirstName=somebody.first_name,
        LastName=somebody.last_name,
        Email=somebody.email,
        Title=somebody.title,
        AccountId=account,
        HasOptedOutOfEmail=somebody.number % _OPTED_OUT_EVERY == 0,
        Phone=somebody.phone,
        Description=f"{FORBIDDEN} contact description {somebody.number}",
        Birthdate="1970-01-01",
        MailingStreet=f"{FORBIDDEN} street {somebody.number}",
    )


def _beside(crm: Objects, account: str, contact: str, number: int) -> None:
    def text(word: str) -> str:
        return f"{FORBIDDEN} {word} {number}"

    deal = crm.add(
        "Opportunity",
        Name=text("opportunity"),
        AccountId=account,
        Amount=987654.32,
        StageName="Negotiation",
        ForecastCategory="Commit",
        NextStep=text("next step"),
        Description=text("deal"),
    )
    crm.add("OpportunityLineItem", OpportunityId=deal, Quantity=7, UnitPrice=141093.47, Description=text("line"))
    crm.add("Task", Subject=text("task"), Description=text("call notes"), WhoId=contact)
    crm.add("Event", Subject=text("event"), Description=text("agenda"), Location=text("place"), WhoId=contact)
    crm.add("EmailMessage", Subject=text("subject"), TextBody=text("body"), RelatedToId=contact)
    crm.add("ContentDocument", Title=text("document"), Description=text("document description"))
    crm.add("Note", Title=text("note"), Body=text("note body"), ParentId=contact)
    crm.add("Case", Subject=text("case"), Description=text("complaint"), ContactId=contact)
    crm.add("Lead", FirstName="L", LastName=text("lead"), Company=text("lead company"))
