"""What the accounts hold at first: their part of infra.simulators.people, and what the product must never ask for.

The fields and objects that are forbidden have telling words in them, so that a leak would be seen.
"""

from infra.simulators.hubspot.records import Objects
from infra.simulators.people import KNOWN, companies, people

CANARY = "hubspot-never-read"
_OPTED_OUT = 17  # every so many-th person
FORBIDDEN = {
    "deals": {"dealname": f"{CANARY} deal", "amount": "98765.43", "dealstage": f"{CANARY} closedwon"},
    "notes": {"hs_note_body": f"{CANARY} note"},
    "emails": {"hs_email_subject": f"{CANARY} subject", "hs_email_text": f"{CANARY} text"},
    "calls": {"hs_call_title": f"{CANARY} call", "hs_call_body": f"{CANARY} said on the phone"},
    "tasks": {"hs_task_subject": f"{CANARY} task", "hs_task_body": f"{CANARY} to do"},
    "meetings": {"hs_meeting_title": f"{CANARY} meeting", "hs_internal_meeting_notes": f"{CANARY} minutes"},
    "quotes": {"hs_title": f"{CANARY} quote", "hs_quote_amount": "45678.90"},
    "line_items": {"name": f"{CANARY} line item", "amount": "34567.89"},
    "tickets": {"subject": f"{CANARY} ticket", "content": f"{CANARY} complaint"},
}
OF_CONTACTS = {
    "phone": f"{CANARY} phone",
    "message": f"{CANARY} message",
    "hs_lead_status": f"{CANARY} lead status",
    "recent_deal_amount": "87654.32",
    "notes_last_contacted": f"{CANARY} last contacted",
    "hs_analytics_source": f"{CANARY} source",
}
OF_COMPANIES = {
    "annualrevenue": "76543.21",
    "total_revenue": "65432.10",
    "description": f"{CANARY} description",
    "recent_deal_amount": "54321.09",
}


def seed(objects: Objects) -> None:
    """The people that HubSpot knows, with their companies; some have opted out."""
    idents: dict[int, str] = {}
    known = set(KNOWN["hubspot"])
    everybody = [person for person in people() if person.number in known]
    for company in companies():
        if any(person.company.number == company.number for person in everybody):
            named = {"name": company.name, "domain": company.domain}
            idents[company.number] = objects.add("companies", {**named, **OF_COMPANIES})
    for person in everybody:
        told = {"firstname": person.first_name, "lastname": person.last_name, "email": person.email}
        told |= {"jobtitle": person.title, "associatedcompanyid": idents[person.company.number]}
        if person.number % _OPTED_OUT == 0:
            told["hs_email_optout"] = "true"
        objects.add("contacts", {**told, **OF_CONTACTS})
    forbid(objects)


def forbid(objects: Objects) -> None:
    """Records of every object that is none of ours."""
    for of, properties in FORBIDDEN.items():
        objects.add(of, properties)
