"""What somebody at a shell does in the HubSpot account, under a path that begins with an underscore.

    GET    /_contacts                  all, with their ids; ?email=a@b.example: those with the address
    POST   /_contacts                  {"firstname": "Ada", "email": "ada@b.example", "associatedcompanyid": "401"} -> {"id"}
    PATCH  /_contacts/{id}             {"jobtitle": "CEO"}; {"hs_email_optout": "true"}
    DELETE /_contacts/{id}             to the recycle bin; ?forever=1: for ever
    POST   /_contacts/{id}/restore     out of the recycle bin
    POST   /_contacts/{id}/merge       {"into": "402"} -> {"id"}: both are one new record

The same under /_companies. Properties have HubSpot's names.
"""

import json
from typing import Any

from infra.loopback import Asked, Said
from infra.simulators.hubspot.records import Objects, Record, date_of

_NOT_FOUND = Said(404, {"error": "not_found"})


def answer(asked: Asked, objects: Objects) -> Said:
    """ValueError, TypeError for what can't be done; the simulator answers 400."""
    parts = asked.path.strip("/").split("/")
    of = parts[0].removeprefix("_")
    if of not in ("contacts", "companies"):
        return _NOT_FOUND
    told: dict[str, str] = {}
    try:
        match asked.method, parts[1:]:
            case "GET", []:
                return Said(200, [_shown(each, of) for each in objects.listed(of) if _wanted(each, asked)])
            case "POST", []:
                return Said(201, {"id": objects.add(of, _texts(asked))})
            case "PATCH", [ident]:
                objects.change(of, ident, _texts(asked))
            case "DELETE", [ident]:
                (objects.forget if asked.query.get("forever") else objects.archive)(of, ident)
            case "POST", [ident, "restore"]:
                objects.restore(of, ident)
            case "POST", [ident, "merge"]:
                told["id"] = objects.merge(of, ident, _texts(asked)["into"])
            case _:
                return _NOT_FOUND
    except KeyError:
        return _NOT_FOUND
    return Said(200, told)


def _texts(asked: Asked) -> dict[str, str]:
    sent = json.loads(asked.body)
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise ValueError("an object of texts is needed")
    return sent


def _wanted(record: Record, asked: Asked) -> bool:
    address = asked.query.get("email")
    return address is None or record.properties.get("email") == address


def _shown(record: Record, of: str) -> dict[str, Any]:
    return dict(record.shown(of, list(record.properties), date=date_of(of)))
