"""Four demo workspaces with seven members, made through the API as a client would. All people are invented.

The members of the first two know partly the same companies and people, as colleagues do; nothing is shared. The third has what
ranks prospects (seed_prospects).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from chalicelib.core.ids import TenantId
from infra.local import seed_paths, seed_prospects

_TIMEOUT_S = 30
_TEAMS = (
    ("Nordlicht Sales", ("ada@nordlicht.example", "ben@nordlicht.example")),
    ("Atelier Sud", ("chloe@atelier-sud.example",)),
    ("Kontor Hanse", ("dora@kontor-hanse.example",)),
    ("Fjordkontor", ("finn@fjordkontor.example", "greta@fjordkontor.example", "hugo@fjordkontor.example")),
)
_COMPANIES = (
    ("Windpark Weser", "windpark-weser.example", "energy", "DE", "client"),
    ("Fjord Robotics", "fjord-robotics.example", "robotics", "NO", "client"),
    ("Boulangerie Moulin", "moulin.example", "food", "FR", "prospect"),
    ("Alpenbank", "alpenbank.example", "finance", "AT", "prospect"),
    ("Delta Water", "delta-water.example", "utilities", "NL", "client"),
    ("Studio Lumen", "studio-lumen.example", "design", "FR", "prospect"),
    ("Kestrel Logistics", "kestrel.example", "logistics", "GB", "prospect"),
    ("Officine Rossi", "officine-rossi.example", "manufacturing", "IT", "client"),
    ("Tejo Health", "tejo-health.example", "health", "PT", "prospect"),
    ("Polar Data", "polar-data.example", "software", "SE", "client"),
    ("Bruges Textiles", "bruges-textiles.example", "textiles", "BE", None),
    ("Morava Steel", "morava-steel.example", "manufacturing", "CZ", None),
)
_FIRST = ("Emma", "Jonas", "Léa", "Mateo", "Nora", "Oskar", "Priya", "Rui", "Sofie", "Tariq", "Ugo")
_LAST = ("Brandt", "Dubois", "Eriksen", "Ferrari", "Novak", "Okafor", "Peeters", "Silva", "Weber", "Zhang")
_TITLES = ("Head of Procurement", "CTO", "Sales Director", "Office Manager", "Engineer")
_CONTACTS_EACH = 30
# In the operator's Salesforce, for each team: one invoice that was voided, two that stand, a draft that no customer sees.
_INVOICES = (("2026-07-01", "Voided"), ("2026-08-01", "Posted"), ("2026-09-01", "Posted"), ("2026-10-01", "Draft"))
_PRICE = 59.6  # a member and month, with tax


@dataclass(frozen=True)
class Client:
    """A signed-in member's requests."""

    url: str
    token: str

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the API made. requests.HTTPError where it refused."""
        return self._asked("POST", path, json=body)

    def get(self, path: str) -> dict[str, Any]:
        """What the API shows."""
        return self._asked("GET", path)

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the API made of it."""
        return self._asked("PATCH", path, json=body)

    def follow(self, address: str) -> None:
        """Open the page of an address of ours, as a browser does."""
        requests.get(address, timeout=_TIMEOUT_S).raise_for_status()

    def upload(self, text: str) -> dict[str, Any]:
        """The job of a file that is read."""
        return self._asked("POST", "/v1/imports", data=text.encode(), headers={"Content-Type": "text/csv"})

    def _asked(self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
        signed = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        answer = requests.request(method, self.url + path, headers=signed, timeout=_TIMEOUT_S, **body)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document


def seed(cloud: Any) -> list[dict[str, Any]]:
    """The members for cloud.json: tenant, member, email, role, token."""
    members = [member for name, emails in _TEAMS for member in _team(cloud, name, emails)]
    for place, tenant in enumerate(dict.fromkeys(member["tenant"] for member in members)):
        _bill(cloud.salesforce, tenant, place)
    clients = [Client(cloud.url, each["token"]) for each in members]
    acquainted = len(_TEAMS[-1][1])
    *others, seller = clients[:-acquainted]
    with ThreadPoolExecutor(len(members)) as pool:
        ranked = pool.submit(seed_prospects.fill, seller)
        known = pool.submit(seed_paths.fill, cloud.connectors.google, clients[-acquainted:], _TEAMS[-1][1])
        list(pool.map(lambda pair: _fill(pair[1], pair[0]), enumerate(others)))
        ranked.result()
        known.result()
    return members


def _bill(salesforce: Any, tenant: TenantId, place: int) -> None:
    (name, emails), number = _TEAMS[place], 1001 + place
    amount = round(_PRICE * len(emails), 2)
    invoices = [
        {"number": f"INV-{number}-{date[5:7]}", "date": date, "amount": amount, "currency": "EUR", "status": status}
        for date, status in _INVOICES
    ]
    salesforce.add_account(tenant, name, f"C-{number}", invoices)


def _team(cloud: Any, name: str, emails: tuple[str, ...]) -> list[dict[str, Any]]:
    from chalicelib.domain.accounts.model import TERMS_VERSION

    owner = cloud.issuer.token(emails[0])
    me = Client(cloud.url, owner).post("/v1/workspaces", {"name": name, "accept_terms": TERMS_VERSION})
    tenant = me["tenant"]["id"]
    members = [{"tenant": tenant, "member": me["id"], "email": emails[0], "role": "owner", "token": owner}]
    for email in emails[1:]:
        Client(cloud.url, owner).post("/v1/members", {"email": email})
        token = cloud.issuer.token(email)
        joined = Client(cloud.url, token).post("/v1/members/accept", {"token": invitation(cloud, email)})
        members.append({"tenant": tenant, "member": joined["id"], "email": email, "role": "member", "token": token})
    return members


def invitation(cloud: Any, email: str) -> str:
    """The code in the newest invitation that was mailed to the address."""
    text = next(mail["text"] for mail in reversed(cloud.sent_mail()) if email in mail["to"])
    link = next(line for line in text.splitlines() if line.startswith(f"{cloud.url}/invitations/"))
    return str(link.rpartition("/")[2])


def _fill(client: Client, number: int) -> None:
    """A dozen companies and thirty contacts; a member's `number` shifts who works where."""
    companies = [client.post("/v1/companies", _company(*row)) for row in _COMPANIES]
    for index in range(_CONTACTS_EACH):
        place = (index * 5 + number) % len(companies)
        client.post("/v1/contacts", _contact(index + 7 * number, _COMPANIES[place][1], companies[place]["id"]))


def _company(name: str, domain: str, industry: str, country: str, tag: str | None) -> dict[str, Any]:
    described = {"name": name, "domain": domain, "industry": industry, "country": country}
    return {**described, "tag": tag} if tag else described


def _contact(index: int, domain: str, company: str) -> dict[str, Any]:
    first, last = _FIRST[index % len(_FIRST)], _LAST[index % len(_LAST)]
    local = f"{first}.{last}".lower().replace("é", "e")
    return {
        "first_name": first,
        "last_name": last,
        "emails": [f"{local}@{domain}"],
        "title": _TITLES[index % len(_TITLES)],
        "company_id": company,
    }
