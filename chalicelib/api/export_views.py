"""How the API shows what an export holds: the very models and functions of the routes, for app.py to hand to the worker."""

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from chalicelib.api import (
    accounts,
    audit,
    companies,
    connections,
    contacts,
    directory,
    imports,
    jobs,
    matches,
    members,
    network,
    openapi,
    privacy_tasks,
    signals,
    subscription,
    sync,
    workspaces,
)
from chalicelib.core.errors import NotFound

if TYPE_CHECKING:
    from chalicelib.core.actor import Actor
    from chalicelib.domain.accounts.membership import Membership
    from chalicelib.store.records import TenantRecord


def _company(actor: "Actor", record: Any) -> dict[str, Any]:
    from chalicelib.domain.companies import queries  # noqa: PLC0415 - cold start

    return companies.shown(queries.seen_by_owner(actor, record))


def _contact(actor: "Actor", record: Any) -> dict[str, Any]:
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start

    return contacts.shown(queries.seen_by_owner(actor, record))


def _mapping(_: "Actor", record: Any) -> dict[str, Any]:
    return imports.mapping_out(record).model_dump(mode="json")


def _job(_: "Actor", record: Any) -> dict[str, Any]:
    return jobs.job_out(record).model_dump(mode="json")


def _audit(actor: "Actor", record: Any) -> dict[str, Any] | None:
    from chalicelib.domain.audit import log  # noqa: PLC0415 - cold start

    entry = log.shown(actor, record)
    return audit.entry_out(entry) if entry else None


def _connection(_: "Actor", record: Any) -> dict[str, Any] | None:
    from chalicelib.domain.connections import repository  # noqa: PLC0415 - cold start

    return connections.connection_out(record).model_dump(mode="json") if repository.shown(record) else None


def _task(_: "Actor", record: Any) -> dict[str, Any]:
    from chalicelib.domain import kinds  # noqa: PLC0415 - cold start
    from chalicelib.domain.privacy import tasks  # noqa: PLC0415

    return privacy_tasks.task_out(tasks.seen(record, kinds.BY_KIND)).model_dump(mode="json")


def _introduction(actor: "Actor", record: Any) -> dict[str, Any] | None:
    from chalicelib.domain.network import introductions  # noqa: PLC0415 - cold start

    seen = introductions.shown(actor, record, present=False)
    return network.introduction_out(seen, None).model_dump(mode="json") if seen else None


def _signal(_: "Actor", record: Any) -> dict[str, Any] | None:
    from chalicelib.domain.signals import repository  # noqa: PLC0415 - cold start

    if not repository.lives(record):
        return None
    return signals.signal_out(repository.company_of(record.sk), repository.seen(record)).model_dump(mode="json")


def _match(_: "Actor", record: Any) -> dict[str, Any]:
    return matches.match_out(record).model_dump(mode="json")


def _run(_: "Actor", record: Any) -> dict[str, Any]:
    from chalicelib.domain.sync import runs  # noqa: PLC0415 - cold start

    return sync.run_out(runs.noted(record)).model_dump(mode="json")


class ApiShapes:
    """domain.exports.model.Shapes, by the name of the answer in the OpenAPI document."""

    by_shape: dict[str, Callable[["Actor", Any], dict[str, Any] | None]] = {
        "CompaniesOut": _company,
        "ContactsOut": _contact,
        "MappingsOut": _mapping,
        "JobsOut": _job,
        "LogOut": _audit,
        "MatchesOut": _match,
        "ConnectionsOut": _connection,
        "RunsOut": _run,
        "TasksOut": _task,
        "IntroductionsOut": _introduction,
        "SignalsOut": _signal,
    }
    answers: dict[str, Callable[["Membership"], BaseModel]] = {
        "MembersOut": members.members_out,
        "OwnProfileOut": directory.own_out,
        "SubscriptionOut": lambda found: subscription.subscription_out(found)[0],
        "WorkspacePrivacyOut": lambda found: workspaces.privacy_out(found.tenant),
    }

    def account(self, found: "Membership") -> dict[str, Any]:
        return accounts.me_out(found).model_dump(mode="json")

    def answer(self, shape: str, found: "Membership") -> dict[str, Any]:
        return self.answers[shape](found).model_dump(mode="json")

    def item(self, shape: str, actor: "Actor", record: "TenantRecord") -> dict[str, Any] | None:
        try:
            return self.by_shape[shape](actor, record)
        except NotFound:  # its life is over, and the daily pass has not come to it yet
            return None

    def schemas(self, names: Collection[str]) -> dict[str, Any]:
        every = openapi.document()["components"]["schemas"]
        found: dict[str, Any] = {}
        wanted = list(names)
        while wanted:
            name = wanted.pop()
            if name not in found:
                found[name] = every[name]
                wanted += re.findall(r"#/components/schemas/(\w+)", str(every[name]))
        return dict(sorted(found.items()))
