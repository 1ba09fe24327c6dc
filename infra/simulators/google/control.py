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
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from infra.loopback import Asked, Said
from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.contacts import described
from infra.simulators.google.gmail_api import Gmail
from infra.simulators.google.grants import Grants
from infra.simulators.google.people_api import shown
from infra.simulators.google.pubsub import Pushes

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

    def __init__(self, accounts: Accounts, grants: Grants, gmail: Gmail, pushes: Pushes) -> None:
        self._accounts, self._grants, self._gmail, self._pushes = accounts, grants, gmail, pushes

    def answer(self, asked: Asked) -> Said:
        parts = [unquote(part) for part in asked.path.strip("/").split("/")]
        if parts[0] != "_accounts":
            return self._other(asked, parts[0])
        if len(parts) == 1:
            return self._all(asked)
        account = self._accounts.get(parts[1])
        return _NOT_FOUND if account is None else self._of(account, parts[2:], asked)

    def _of(self, account: Account, parts: list[str], asked: Asked) -> Said:
        match parts:
            case ["people", *rest] if len(rest) < 2:  # noqa: PLR2004 - an id or none
                return _people(asked, account, "".join(rest))
            case ["messages", *rest] if len(rest) < 2:  # noqa: PLR2004
                return _mails(asked, account, "".join(rest))
            case ["grants"] if asked.method == "DELETE":
                self._grants.end(account.address)
                return Said(200, {})
        return _NOT_FOUND

    def _other(self, asked: Asked, what: str) -> Said:
        if asked.method != "POST":
            return _NOT_FOUND
        wanted = json.loads(asked.body or b"{}")
        if what == "_deliver":
            return Said(200, {"taken": self._pushes.deliver(), "waiting": len(self._pushes.waiting)})
        if what == "_pushes":
            history = self._accounts.known(wanted["account"]).mailbox.history
            news = self._pushes.news(wanted["account"], history)
            return Said(200, {"status": self._pushes.forge(news, wanted["wrong"])})
        if what == "_quota":
            self._gmail.quota = wanted["units"]
            return Said(200, wanted)
        return _NOT_FOUND

    def _all(self, asked: Asked) -> Said:
        if asked.method == "POST":
            wanted = json.loads(asked.body)
            return Said(201, self._shown(self._accounts.add(wanted["address"], wanted["name"])))
        return Said(200, [self._shown(each) for each in self._accounts.all()])

    def _shown(self, account: Account) -> dict[str, Any]:
        given = self._grants.given.get(account.address, ())
        people = len(account.contacts.listed("LAST_MODIFIED_ASCENDING"))
        told = {"address": account.address, "name": account.name, "people": people, "given": list(given)}
        return {**told, "messages": len(account.mailbox.all()), "history": account.mailbox.history}


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


def _mails(asked: Asked, account: Account, ident: str) -> Said:
    mailbox = account.mailbox
    if asked.method == "GET" and not ident:
        return Said(200, [mail.shown("full") for mail in mailbox.all()])
    if asked.method == "POST" and not ident:
        wanted = json.loads(asked.body)
        at = datetime.fromisoformat(wanted.pop("at")) if "at" in wanted else None
        return Said(201, mailbox.add(at=at, **wanted).shown("full"))
    if not ident or mailbox.get(ident) is None:
        return _NOT_FOUND
    if asked.method == "PATCH":
        return Said(200, mailbox.relabel(ident, **json.loads(asked.body)).shown("minimal"))
    if asked.method == "DELETE":
        mailbox.delete(ident)
        return Said(200, {})
    return _NOT_FOUND
