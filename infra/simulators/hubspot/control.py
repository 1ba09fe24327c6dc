"""What somebody at a shell does in the HubSpot account, under a path that begins with an underscore.

    GET    /_contacts                  all, with their ids; ?email=a@b.example: those with the address
    POST   /_contacts                  {"firstname": "Ada", "email": "ada@b.example", "associatedcompanyid": "401"} -> {"id"}
    PATCH  /_contacts/{id}             {"jobtitle": "CEO"}; {"hs_email_optout": "true"}
    DELETE /_contacts/{id}             to the recycle bin; ?forever=1: for ever
    POST   /_contacts/{id}/restore     out of the recycle bin
    POST   /_contacts/{id}/merge       {"into": "402"} -> {"id"}: both are one new record

The same under /_companies. Properties have HubSpot's names.
"""

from collections.abc import Callable
from typing import Any

from flask import request

from infra.simulators.hubspot.records import Objects, Record, date_of
from infra.simulators.replies import Refused, reply
from infra.simulators.simulator import sent


def add_routes(add_control: Callable[..., None], objects: Callable[[], Objects]) -> None:
    """Add the routes by `add_control`, which is the simulator's."""

    def add_for(of: str, rule: str, act: Callable[..., Any]) -> None:
        method, _, rest = rule.partition(" ")
        add_control(f"{method} /_{of}{rest}", lambda **parts: _found(act, objects(), of, **parts))

    for of in ("contacts", "companies"):
        add_for(of, "GET ", _listed)
        add_for(of, "POST ", lambda all_, of: reply(201, {"id": all_.add(of, _texts())}))
        add_for(of, "PATCH /<ident>", lambda all_, of, ident: all_.change(of, ident, _texts()))
        add_for(of, "DELETE /<ident>", _deleted)
        add_for(of, "POST /<ident>/restore", lambda all_, of, ident: all_.restore(of, ident))
        add_for(of, "POST /<ident>/merge", lambda all_, of, ident: {"id": all_.merge(of, ident, _texts()["into"])})


def _found(act: Callable[..., Any], objects: Objects, of: str, **parts: str) -> Any:
    try:
        return act(objects, of, **parts)
    except KeyError as error:
        raise Refused(reply(404, {"error": "not_found"})) from error


def _listed(objects: Objects, of: str) -> list[dict[str, Any]]:
    address = request.args.get("email")
    return [_shown(each, of) for each in objects.listed(of) if address in (None, each.properties.get("email"))]


def _deleted(objects: Objects, of: str, ident: str) -> None:
    (objects.forget if request.args.get("forever") else objects.archive)(of, ident)


def _texts() -> dict[str, str]:
    told = sent()
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise ValueError("an object of texts is needed")
    return told


def _shown(record: Record, of: str) -> dict[str, Any]:
    return dict(record.shown(of, list(record.properties), date=date_of(of)))
