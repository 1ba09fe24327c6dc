"""Where a vendor's specification says less than the vendor does, with where that is said or was seen."""

from collections.abc import Callable, Mapping
from typing import Any

Schemas = dict[str, Any]


def _searches(schemas: Schemas) -> None:
    """Sorts are objects, and no field of a search is needed: each example of the guide leaves some out.

    https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm
    """
    asked = schemas["PublicObjectSearchRequest"]
    del asked["required"]
    text, directions = {"type": "string"}, ["ASCENDING", "DESCENDING"]
    asked["properties"]["sorts"]["items"] = {
        "type": "object",
        "properties": {"propertyName": text, "direction": {**text, "enum": directions}},
        "required": ["propertyName"],
        "additionalProperties": False,
    }


def _empty_properties(schemas: Schemas) -> None:
    """A property that was asked for and has no value is null.

    https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/contacts/guide, its example of a batch that is read
    """
    for name in ("SimplePublicObject", "SimplePublicObjectWithAssociations"):
        schemas[name]["properties"]["properties"]["additionalProperties"]["nullable"] = True


def _unknown_tokens(schemas: Schemas) -> None:
    """A token that HubSpot does not know is not active, and nothing more is said of it (RFC 7662 2.2).

    Seen live: https://github.com/usertour/usertour/pull/490
    """
    nothing = {"type": "object", "properties": {"active": {"type": "boolean", "enum": [False]}}, "required": ["active"]}
    schemas["TokenInfoResponseBaseIF"]["oneOf"].append({**nothing, "additionalProperties": False})


_ALL: Mapping[str, tuple[Callable[[Schemas], None], ...]] = {
    "hubspot-contacts": (_searches, _empty_properties),
    "hubspot-companies": (_searches, _empty_properties),
    "hubspot-oauth": (_unknown_tokens,),
}


def amended(name: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document, by the name of its file, with its amendments."""
    for beginning, amendments in _ALL.items():
        if name.startswith(beginning):
            for amend in amendments:
                amend(document["components"]["schemas"])
    return document
