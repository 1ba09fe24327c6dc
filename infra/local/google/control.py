"""What somebody at a shell may do to the accounts, as their people would in Google's own pages.

GET    /_accounts                          every account
POST   /_accounts                          {"address", "name"}
GET    /_accounts/{address}/people         the contacts
POST   /_accounts/{address}/people         {"first_name", "last_name", "emails": [], "phones": [], "urls": [], "title",
                                           "company", "note"}; further fields as Google's Person has them
PATCH  /_accounts/{address}/people/{id}    the same; what is left out stays. {"rename": true}: another resource name
DELETE /_accounts/{address}/people/{id}    `id` is the end of the resource name: c4000…
DELETE /_accounts/{address}/grants         every app loses its access
"""

import json
from typing import Any
from urllib.parse import unquote

from infra.local.google.accounts import Account, Accounts
from infra.local.google.contacts import described
from infra.local.google.grants import Grants
from infra.local.google.people import shown
from infra.local.server import Asked, Said

_ALL = {
    "names",
    "emailAddresses",
    "phoneNumbers",
    "organizations",
    "urls",
    "biographies",
    "metadata",
    "birthdays",
    "addresses",
}
_NOT_FOUND = Said(404, {"error": "not_found"})


class Control:
    """KeyError, TypeError, ValueError for what can't be done; the simulator answers 400."""

    def __init__(self, accounts: Accounts, grants: Grants) -> None:
        self._accounts, self._grants = accounts, grants

    def answer(self, asked: Asked) -> Said:
        parts = [unquote(part) for part in asked.path.strip("/").split("/")]
        if parts[0] != "_accounts":
            return _NOT_FOUND
        if len(parts) == 1:
            return self._all(asked)
        account = self._accounts.get(parts[1])
        if account is None:
            return _NOT_FOUND
        match parts[2:]:
            case ["people", *rest] if len(rest) < 2:  # noqa: PLR2004 - an id or none
                return _people(asked, account, "".join(rest))
            case ["grants"] if asked.method == "DELETE":
                self._grants.end(account.address)
                return Said(200, {})
        return _NOT_FOUND

    def _all(self, asked: Asked) -> Said:
        if asked.method == "POST":
            wanted = json.loads(asked.body)
            return Said(201, self._shown(self._accounts.add(wanted["address"], wanted["name"])))
        return Said(200, [self._shown(each) for each in self._accounts.all()])

    def _shown(self, account: Account) -> dict[str, Any]:
        given = self._grants.given.get(account.address, ())
        people = len(account.contacts.listed("LAST_MODIFIED_ASCENDING"))
        return {"address": account.address, "name": account.name, "people": people, "given": list(given)}


def _people(asked: Asked, account: Account, ident: str) -> Said:
    name, contacts = f"people/{ident}", account.contacts
    if asked.method == "GET" and not ident:
        return Said(200, [shown(each, _ALL) for _, each in contacts.listed("LAST_MODIFIED_ASCENDING")])
    if asked.method == "POST" and not ident:
        return Said(201, shown(contacts.add(described(**json.loads(asked.body))), _ALL))
    if not ident or contacts.get(name) is None:
        return _NOT_FOUND
    if asked.method == "PATCH":
        wanted = json.loads(asked.body)
        renamed = wanted.pop("rename", False)
        found = contacts.change(name, described(**wanted))
        return Said(200, shown(contacts.rename(found.name) if renamed else found, _ALL))
    if asked.method == "DELETE":
        contacts.delete(name)
        return Said(200, {})
    return _NOT_FOUND
