"""Whether the columns of a file are those of a CRM's export."""

from chalicelib.domain.imports.parsing.wordlists import words

# Columns that address books do not have: Dynamics 365, Pipedrive, Odoo, EspoCRM, Zoho, SuiteCRM, Copper, Close, Freshsales,
# Insightly, Capsule. What may be a CRM's is its member's alone.
_CRM = words(
    """contact owner|owner|owned by|record owner|account owner|lead owner|owner id|lead source|lead status|lead score|lead id
    |lead name|lead type|lifecycle stage|status label|sales account|sales accounts|sales person|salesperson|sales rep|sales owner
    |deal|deals|deal stage|deal id|open deals|closed deals|won deals|lost deals|opportunity|opportunities|pipeline|pipeline stage
    |stage|person id|organization id|organisation id|party id|capsule id|copper id|insightly id|zoho id|crm id|account id
    |record id|recordid|assigned to|assigned user|assigned user name|assigned user id|created by|modified by|created time
    |modified time|reports to|territory|do not call|email opt out|opted out|is a company|company type|related company|party type
    |next activity date|last activity date|last contacted|last contacted at|campaign|campaigns|customer status|besitzer
    |kontaktinhaber|lead quelle|zustandig|proprietaire|proprietaire du contact|source du prospect|propietario
    |propietario del contacto|origen del posible cliente|proprietario|responsabile|eigenaar""",
    "|",
)
_CRM_PREFIXES = ("do not modify ", "person ", "deal ", "lead ", "opportunity ")
# Of these, the ones that no other program writes: whoever says that such a file is no CRM's is mistaken.
_NAMED_CRMS = words(
    """is a company|related company|salesperson|sales person|assigned user|assigned user name|assigned user id|contact owner
    |contact owner id|kontaktinhaber|proprietaire du contact|propietario del contacto|reports to|do not call|email opt out
    |copper id|lead id|status label|sales account|sales accounts|sales owner|insightly id|capsule id|party id|party type|zoho id
    |lifecycle stage|record id|recordid""",
    "|",
)


def surely(names: frozenset[str]) -> bool:
    """Return whether no other program than a CRM writes columns of these names, normalised."""
    return bool(names & _NAMED_CRMS) or _by_prefix(names)


def perhaps(names: frozenset[str]) -> bool:
    """Return whether the columns of these names, normalised, may be a CRM's."""
    return bool(names & _CRM) or any(name.startswith(_CRM_PREFIXES) for name in names)


def _by_prefix(names: frozenset[str]) -> bool:
    """Dynamics writes `(Do Not Modify)` before each of its own columns, Pipedrive `Person - ` before all of them."""
    return any(n.startswith("do not modify ") for n in names) or sum(n.startswith("person ") for n in names) > 1
