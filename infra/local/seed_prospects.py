"""What a member of the demo has for a ranking: companies with sizes, clients among them, what happened at some, and whom the
member is connected with. `seed_prospects.json` beside it says in which order its prospects come, and what
untagging a client does.

All companies and people are invented.
"""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from chalicelib.core import clock

EXPECTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_COMPANIES = (
    ("Spedition Hansen", "spedition-hansen.example", "logistics", "DE", 120, "client"),
    ("Rhône Fret", "rhone-fret.example", "logistics", "FR", 180, "client"),
    ("Baltic Cargo", "baltic-cargo.example", "logistics", "DE", 90, "client"),
    ("Meuse Transit", "meuse-transit.example", "logistics", "BE", 150, "client"),
    ("Lagerhaus Süd", "lagerhaus-sued.example", "logistics", "DE", 75, "client"),
    ("Østersø Freight", "ostersofreight.example", "logistics", "DK", 60, "client"),
    ("Ferme du Lac", "ferme-du-lac.example", "food", "CH", 8, None),
    ("Käserei Berg", "kaeserei-berg.example", "food", "AT", 15, None),
    ("Pane Vivo", "pane-vivo.example", "food", "IT", 30, None),
    ("Banque du Port", "banque-du-port.example", "finance", "FR", 2400, None),
    ("Zins & Co", "zins.example", "finance", "DE", 900, None),
    ("Tagus Capital", "tagus-capital.example", "finance", "PT", 40, None),
    ("Praxis Nord", "praxis-nord.example", "health", "DE", 22, None),
    ("Clinique Rive", "clinique-rive.example", "health", "CH", 700, None),
    ("Atelier Blanc", "atelier-blanc.example", "design", "FR", 6, None),
    ("Forma Studio", "forma-studio.example", "design", "IT", 12, None),
    ("Vosges Transport", "vosges-transport.example", "logistics", "FR", 140, "prospect"),
    ("Isar Fracht", "isar-fracht.example", "logistics", "DE", 1300, "prospect"),
    ("Brasserie Nord", "brasserie-nord.example", "food", "FR", 60, "prospect"),
    ("Hafenbank", "hafenbank.example", "finance", "DE", 3000, "prospect"),
)
# Which prospect, what, how strong, how many days ago.
_SIGNALS = (
    ("Brasserie Nord", "funding", 63, 4),
    ("Isar Fracht", "visit", 50, 25),
)
# As LinkedIn exports a member's connections.
_CONNECTIONS = (
    ("Odile", "Marchand", "Vosges Transport", "Directrice des achats"),
    ("Ruben", "Kolb", "Hafenbank", "Leiter Einkauf"),
)
_HEAD = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
_TIMEOUT_S = 60


class Client(Protocol):
    """A signed-in member's requests."""

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the API made."""

    def get(self, path: str) -> dict[str, Any]:
        """What the API shows."""

    def upload(self, text: str) -> dict[str, Any]:
        """The job of a file that is read."""


def fill(client: Client) -> dict[str, str]:
    """Make all of it, and return the ids of the companies by name."""
    made = {row[0]: str(client.post("/v1/companies", _company(*row))["id"]) for row in _COMPANIES}
    now = clock.now()
    for name, kind, strength, days in _SIGNALS:
        at = clock.rfc3339(now - timedelta(days=days))
        told = {"type": kind, "strength": strength, "occurred_at": at, "source": "trade press"}
        client.post(f"/v1/companies/{made[name]}/signals", told)
    job = client.upload("\r\n".join([_HEAD, *(_connection(*each) for each in _CONNECTIONS), ""]))["job"]
    until = time.monotonic() + _TIMEOUT_S
    while client.get(f"/v1/jobs/{job['id']}")["state"] not in ("done", "failed") and time.monotonic() < until:
        time.sleep(0.2)
    return made


def _company(name: str, domain: str, industry: str, country: str, size: int, tag: str | None) -> dict[str, Any]:
    return {"name": name, "domain": domain, "industry": industry, "country": country, "size": size, "tag": tag}


def _connection(first: str, last: str, company: str, title: str) -> str:
    url = f"https://www.linkedin.com/in/{first}-{last}-demo".lower()
    return f"{first},{last},{url},,{company},{title},01 Nov 2026"
