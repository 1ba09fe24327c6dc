"""Calls to AWS of warm requests, route by route."""

from typing import Any

from tests.bench.team import Team

SERVICES = ("dynamodb", "kms", "sts")


def calls(team: Team) -> dict[str, dict[str, int]]:
    """By route: calls to DynamoDB, KMS, STS and to all other services."""
    found = {}
    for method, path, body in _asked(team):
        team.ask("GET", "/v1/me")  # keys, clients and sessions are warm
        team.ask("GET", "/v1/changes")  # and whether tables were restored, which a process asks once a minute
        measured = team.ask(method, path, body)
        counts = {service: measured.of(service) for service in SERVICES}
        counts["other"] = measured.calls.total() - sum(counts.values())
        found[f"{method} {team.functions.route(path)}"] = counts
    return found


def _asked(team: Team) -> list[tuple[str, str, Any]]:
    contact = team.contact(first_name="A", emails=["a@bench.example"])
    gone = team.contact(first_name="C", emails=["c@bench.example"])
    company = team.ask("POST", "/v1/companies", {"name": "A"}).body["id"]
    lost = team.ask("POST", "/v1/companies", {"name": "B"}).body["id"]
    job = team.send_file(["D,D,d@bench.example"]).body["job"]["id"]
    team.run("work", "import", job)
    return [
        ("GET", "/v1/me", None),
        ("GET", "/v1/contacts", None),
        ("GET", f"/v1/contacts/{contact}", None),
        ("POST", "/v1/contacts/search", {"q": "a"}),
        ("GET", "/v1/companies", None),
        ("GET", f"/v1/companies/{company}", None),
        ("POST", "/v1/companies/search", {"q": "a"}),
        ("GET", "/v1/audit", None),
        ("GET", "/v1/changes", None),
        ("GET", "/v1/jobs", None),
        ("GET", f"/v1/jobs/{job}", None),
        ("GET", "/v1/members", None),
        ("GET", f"/v1/members/{team.member}", None),
        ("GET", "/v1/connections", None),
        ("GET", "/v1/providers", None),
        ("GET", "/v1/import-mappings", None),
        ("GET", "/v1/subscription", None),
        ("GET", "/v1/workspace/privacy", None),
        ("POST", "/v1/contacts", {"first_name": "B", "emails": ["b@bench.example"]}),
        ("PATCH", f"/v1/contacts/{contact}", {"title": "x"}),
        ("DELETE", f"/v1/contacts/{gone}", None),
        ("POST", "/v1/companies", {"name": "C"}),
        ("PATCH", f"/v1/companies/{company}", {"industry": "x"}),
        ("PUT", f"/v1/companies/{company}/tag", {"tag": "client"}),
        ("DELETE", f"/v1/companies/{company}/tag", None),
        ("DELETE", f"/v1/companies/{lost}", None),
        ("PATCH", "/v1/me/settings", {"share_tags": True}),
        ("PATCH", "/v1/workspace/settings", {"audit_days": 300}),
        ("POST", "/v1/members", {"email": "guest@bench.example"}),
        ("POST", "/v1/imports", "First Name,Email\r\nE,e@bench.example\r\n"),
        ("POST", "/v1/exports", None),
    ]
