"""Whom and what the accounts know from the start: the people of infra.local.people."""

from infra.local.google.accounts import Account, Accounts
from infra.local.google.contacts import Fields, described
from infra.local.people import KNOWN, Somebody, people

# The demo members of infra.local.seed, with accounts at their own domains.
MAIN = ("ada@nordlicht.example", "Ada Nordlicht")
OTHERS = (("ben@nordlicht.example", "Ben Nordlicht"), ("chloe@atelier-sud.example", "Chloé du Sud"))
_EACH_OTHER = 25


def seed(accounts: Accounts) -> None:
    """The main account knows everybody that Google knows, the others a few of them. Where it has been done, nothing."""
    if accounts.get(MAIN[0]) is not None:
        return
    everybody = people()
    known = [everybody[number] for number in KNOWN["google"]]
    _fill(accounts.add(*MAIN), known)
    for place, (address, name) in enumerate(OTHERS):
        _fill(accounts.add(address, name), known[place * _EACH_OTHER : (place + 1) * _EACH_OTHER + 5])


def _fill(account: Account, known: list[Somebody]) -> None:
    for each in known:
        more: Fields = {"birthdays": [{"date": {"month": 1 + each.number % 12, "day": 1 + each.number % 28}}]}
        more["addresses"] = [{"streetAddress": f"Geheime Gasse {each.number}", "city": "Nirgendwo", "type": "home"}]
        fields = described(
            first_name=each.first_name,
            last_name=each.last_name,
            emails=[each.email],
            phones=[each.phone],
            urls=[each.linkedin] if each.number % 3 == 0 else None,
            title=each.title,
            company=each.company.name,
            note=f"Confidential: met at the fair, allergic to nuts ({each.number})",
            **more,
        )
        account.contacts.add(fields)
