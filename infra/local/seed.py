"""Two demo workspaces with three members, made through the API as a client would. All people are invented."""

from typing import Any

import requests

_TIMEOUT_S = 30
_TEAMS = (("Nordlicht Sales", ("ada@nordlicht.example", "ben@nordlicht.example")), ("Atelier Sud", ("chloe@atelier-sud.example",)))
_COMPANIES = (
    ("Windpark Weser", "windpark-weser.example", "energy", "DE", "client"),
    ("Fjord Robotics", "fjord-robotics.example", "robotics", "NO", "client"),
    ("Boulangerie Moulin", "moulin.example", "food", "FR", "prospect"),
    ("Alpenbank", "alpenbank.example", "finance", "AT", "prospect"),
    ("Delta Water", "delta-water.example", "utilities", "NL", "client"),
    ("Studio Lumen", "studio-lumen.example", "design", "FR", "prospect"),
)
_FIRST = ("Emma", "Jonas", "Léa", "Mateo", "Nora", "Oskar", "Priya", "Rui", "Sofie", "Tariq")
_LAST = ("Brandt", "Dubois", "Eriksen", "Ferrari", "Novak", "Okafor", "Peeters", "Silva", "Weber", "Zhang")
_TITLES = ("Head of Procurement", "CTO", "Sales Director", "Office Manager", "Engineer")


def seed(cloud: Any) -> list[dict[str, Any]]:
    """The members for cloud.json: tenant, member, email, role, token."""
    from chalicelib.domain.accounts import membership

    members = []
    for name, emails in _TEAMS:
        owner = emails[0]
        token = cloud.issuer.token(owner)
        made = _post(cloud, token, "/v1/workspaces", {"name": name, "accept_terms": "2026-11"})
        tenant = made["tenant"]["id"]
        members.append({"tenant": tenant, "member": made["id"], "email": owner, "role": "owner", "token": token})
        for email in emails[1:]:
            # The invitation by mail is a route of the workspace's life; here the colleague has accepted already.
            member = membership.add_member(tenant, email, cloud.issuer.url, cloud.issuer.subject(email))
            token = cloud.issuer.token(email)
            members.append({"tenant": tenant, "member": member, "email": email, "role": "member", "token": token})
    for number, member in enumerate(members):
        _fill(cloud, member["token"], number)
    return members


def _fill(cloud: Any, token: str, number: int) -> None:
    for index, (name, domain, industry, country, tag) in enumerate(_COMPANIES):
        if (index + number) % 3 == 0:
            continue  # not everybody knows everyone
        company = _post(
            cloud,
            token,
            "/v1/companies",
            {"name": name, "domain": domain, "industry": industry, "country": country, "tag": tag},
        )
        for offset in range(3):
            first, last = _FIRST[(index * 3 + offset + number) % 10], _LAST[(index + offset * 2) % 10]
            contact = {
                "first_name": first,
                "last_name": last,
                "emails": [f"{_ascii(first)}.{_ascii(last)}@{domain}".lower()],
                "title": _TITLES[(index + offset) % 5],
                "company_id": company["id"],
            }
            _post(cloud, token, "/v1/contacts", contact)


def _ascii(name: str) -> str:
    return name.replace("é", "e")


def _post(cloud: Any, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(cloud.url + path, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    document: dict[str, Any] = answer.json()
    return document
