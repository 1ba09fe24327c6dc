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

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response

from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.contacts import described
from infra.simulators.google.gmail_api import Gmail
from infra.simulators.google.oauth import OAuth
from infra.simulators.google.people_api import shown
from infra.simulators.google.pubsub import Pushes
from infra.simulators.replies import reply
from infra.simulators.simulator import sent

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
_NOT_FOUND = {"error": "not_found"}


class Control:
    """What the routes do; the simulator answers 400 where that raises."""

    def __init__(self, accounts: Accounts, oauth: OAuth, gmail: Gmail, pushes: Pushes) -> None:
        self._accounts, self._oauth, self._gmail, self._pushes = accounts, oauth, gmail, pushes

    def add_routes(self, add_control: Callable[..., None]) -> None:
        """Add the routes by `add_control`, which is the simulator's."""
        add_control("GET /_accounts", lambda: [self._shown(each) for each in self._accounts.all()])
        add_control("POST /_accounts", lambda: reply(201, self._shown(self._accounts.add(**sent()))))
        for what, listed, added, changed, deleted in (
            ("people", _people, _add_person, _change_person, _delete_person),
            ("messages", _mails, _add_mail, _change_mail, _delete_mail),
        ):
            every = f"/_accounts/<address>/{what}"
            add_control(f"GET {every}", self._of(listed))
            add_control(f"POST {every}", self._of(added))
            add_control(f"PATCH {every}/<ident>", self._of(changed))
            add_control(f"DELETE {every}/<ident>", self._of(deleted))
        add_control("DELETE /_accounts/<address>/grants", self._of(lambda account: self._oauth.end(account.address)))
        # the listener may ask us while it listens
        add_control("POST /_deliver", self._deliver, locked=False)
        add_control("POST /_pushes", lambda: self._push(**sent()), locked=False)
        add_control("POST /_quota", lambda: self._limit(**sent()))

    def _of(self, view: Callable[..., Any]) -> Callable[..., Any]:
        def found(address: str, **parts: str) -> Any:
            account = self._accounts.get(address)
            return reply(404, _NOT_FOUND) if account is None else view(account, **parts)

        return found

    def _limit(self, units: int | None, concurrent: int | None = None) -> dict[str, int | None]:
        self._gmail.quota, self._gmail.concurrent = units, concurrent
        return {"units": units, "concurrent": concurrent}

    def _deliver(self) -> dict[str, int]:
        return {"taken": self._pushes.deliver(), "waiting": len(self._pushes.waiting)}

    def _push(self, account: str, wrong: str) -> dict[str, int]:
        news = self._pushes.news(account, self._accounts.known(account).mailbox.history)
        return {"status": self._pushes.forge(news, wrong)}

    def _shown(self, account: Account) -> dict[str, Any]:
        given = self._oauth.given.get(account.address, ())
        people = len(account.contacts.listed("LAST_MODIFIED_ASCENDING"))
        told = {"address": account.address, "name": account.name, "people": people, "given": list(given)}
        return {**told, "messages": len(account.mailbox.all()), "history": account.mailbox.history}


def _people(account: Account) -> list[dict[str, Any]]:
    return [shown(each, _ALL) for _, each in account.contacts.listed("LAST_MODIFIED_ASCENDING")]


def _add_person(account: Account) -> Response:
    return reply(201, shown(account.contacts.add(described(**sent())), _ALL))


def _change_person(account: Account, ident: str) -> Response | dict[str, Any]:
    wanted, name = sent(), f"people/{ident}"
    if account.contacts.get(name) is None:
        return reply(404, _NOT_FOUND)
    renamed = wanted.pop("rename", False)
    found = account.contacts.change(name, described(**wanted))
    return shown(account.contacts.rename(found.name) if renamed else found, _ALL)


def _delete_person(account: Account, ident: str) -> Response | None:
    if account.contacts.get(f"people/{ident}") is None:
        return reply(404, _NOT_FOUND)
    account.contacts.delete(f"people/{ident}")
    return None


def _mails(account: Account) -> list[dict[str, Any]]:
    return [mail.shown("full") for mail in account.mailbox.all()]


def _add_mail(account: Account) -> Response:
    wanted = sent()
    at = datetime.fromisoformat(wanted.pop("at")) if "at" in wanted else None
    return reply(201, account.mailbox.add(at=at, **wanted).shown("full"))


def _change_mail(account: Account, ident: str) -> Response | dict[str, Any]:
    if account.mailbox.get(ident) is None:
        return reply(404, _NOT_FOUND)
    return account.mailbox.relabel(ident, **sent()).shown("minimal")


def _delete_mail(account: Account, ident: str) -> Response | None:
    if account.mailbox.get(ident) is None:
        return reply(404, _NOT_FOUND)
    account.mailbox.delete(ident)
    return None
