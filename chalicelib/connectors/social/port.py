"""What each provider permits here, and what it does not and why: the one table, served at GET /v1/providers.

There is nothing in it that could publish: the port has no such operation (connectors.port), no vendor asks for such a scope.

`source` is the page that says so. Read in stored copies in November 2026: LinkedIn's, X's and Facebook's own pages, and XING's
own word in its client's repository. Of Viadeo no page of today could be read; what is said of it is from 2016 and 2017.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.connectors.port import Provider


class Capability(StrEnum):
    """What a member may want of a provider."""

    CONNECT = "connect"  # consent there, so that we may ask for it
    CONTACTS = "contacts"  # bring in people that the member knows there
    MAIL = "mail"  # read who wrote to whom and when, in the member's mailbox
    MESSAGES = "messages"  # one message to one person, with the member's consent to that very text
    FILE_IMPORT = "file_import"  # a file that the provider exports, by POST /v1/imports
    PUBLISH = "publish"  # on a wall or a timeline
    SALES_DATA = "sales_data"  # opportunities, deals, forecasts, amounts, documents, notes, activities


@dataclass(frozen=True)
class Permit:
    """A capability that is there, and how it works."""

    capability: Capability
    how: str


@dataclass(frozen=True)
class Forbid:
    """A capability that is not there, why, and the provider's page on it."""

    capability: Capability
    why: str
    source: str


@dataclass(frozen=True)
class Stated:
    """One provider. No capability is in both lists; one that is in neither does not exist there."""

    permits: tuple[Permit, ...] = ()
    forbids: tuple[Forbid, ...] = ()


_C = Capability
_LEARN = "https://learn.microsoft.com/en-us/linkedin"
_X = "https://docs.x.com"
_OAUTH = "by the provider's own consent page; the scopes asked for are listed with each tier"
_NOTHING_ELSE = "Only contacts and their companies are read, by the fields listed here. Nothing else is ever asked for"
_NEVER_PUBLISHED = "We publish nothing anywhere: there is no such call, and no scope for it is asked"
_ANY_FILE = "the contacts of any CSV or vCard file are read by its columns"

STATED: dict[Provider, Stated] = {
    Provider.GOOGLE: Stated(
        (
            Permit(_C.CONNECT, _OAUTH),
            Permit(_C.CONTACTS, "Google Contacts, kept in step"),
            Permit(
                _C.MAIL, "Gmail, at the tier `headers`: who wrote to whom and when; nothing is sent, no text is read"
            ),
            Permit(_C.FILE_IMPORT, "the CSV or vCard export of Google Contacts"),
        ),
    ),
    Provider.SALESFORCE: Stated(
        (
            Permit(_C.CONNECT, _OAUTH),
            Permit(_C.CONTACTS, "contacts, their accounts and opt-outs, kept in step; visible to no other user"),
            Permit(_C.FILE_IMPORT, "a report of contacts as CSV"),
        ),
        (
            Forbid(
                _C.SALES_DATA,
                f"{_NOTHING_ELSE}, though Salesforce's scope would reach further.",
                "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm",
            ),
        ),
    ),
    Provider.HUBSPOT: Stated(
        (
            Permit(_C.CONNECT, _OAUTH),
            Permit(_C.CONTACTS, "contacts, their companies and opt-outs, kept in step; visible to no other user"),
            Permit(_C.FILE_IMPORT, "the CSV export of contacts"),
        ),
        (
            Forbid(
                _C.SALES_DATA,
                f"{_NOTHING_ELSE}, and no scope for it.",
                "https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/scopes",
            ),
        ),
    ),
    Provider.LINKEDIN: Stated(
        (
            Permit(_C.CONNECT, f"{_OAUTH}; by LinkedIn's rules for members in the European Economic Area only"),
            Permit(
                _C.CONTACTS, "the member's connections by the Member Data Portability API; seen by that member alone"
            ),
            Permit(_C.FILE_IMPORT, "Connections.csv of LinkedIn's data export, for members everywhere"),
        ),
        (
            Forbid(
                _C.MESSAGES,
                "LinkedIn's Messages API is restricted to partners that it has approved, and we are none.",
                f"{_LEARN}/shared/integrations/communications/messages",
            ),
            Forbid(
                _C.PUBLISH,
                f"{_NEVER_PUBLISHED}; LinkedIn's would be w_member_social.",
                f"{_LEARN}/consumer/integrations/self-serve/share-on-linkedin",
            ),
        ),
    ),
    Provider.X: Stated(
        (Permit(_C.CONNECT, _OAUTH),),
        (
            Forbid(
                _C.CONTACTS,
                "X lets a handle be matched to a person of a contact list only with that person's own opt-in.",
                f"{_X}/developer-terms/restricted-use-cases",
            ),
            Forbid(
                _C.MESSAGES,
                "Not offered yet. X's scope for messages, dm.write, is asked for when a member switches them on, not before.",
                f"{_X}/x-api/direct-messages/manage/integrate",
            ),
            Forbid(
                _C.PUBLISH,
                f"{_NEVER_PUBLISHED}; X's would be tweet.write.",
                f"{_X}/fundamentals/authentication/guides/v2-authentication-mapping",
            ),
        ),
    ),
    Provider.FACEBOOK: Stated(
        (Permit(_C.FILE_IMPORT, _ANY_FILE),),
        (
            Forbid(
                _C.CONTACTS,
                "Facebook gives only those friends who use the same app and have let it see their friends, and no addresses.",
                "https://developers.facebook.com/docs/graph-api/reference/user/friends/",
            ),
            Forbid(
                _C.MESSAGES,
                "On Messenger only a Page may write, and only to a person who wrote to it first.",
                "https://developers.facebook.com/docs/messenger-platform/send-messages",
            ),
            Forbid(
                _C.CONNECT,
                "Without contacts and messages a consent would be for nothing, so none is asked.",
                "https://developers.facebook.com/docs/graph-api/reference/user/friends/",
            ),
            Forbid(
                _C.PUBLISH,
                f"{_NEVER_PUBLISHED}.",
                "https://developers.facebook.com/docs/permissions",
            ),
        ),
    ),
    Provider.XING: Stated(
        (Permit(_C.FILE_IMPORT, _ANY_FILE),),
        tuple(
            Forbid(
                capability,
                "XING closed its public API at the turn of 2016: no new application can be registered.",
                "https://github.com/xing/xing_api/issues/14",
            )
            for capability in (_C.CONNECT, _C.CONTACTS, _C.MESSAGES, _C.PUBLISH)
        ),
    ),
    Provider.VIADEO: Stated(
        (Permit(_C.FILE_IMPORT, _ANY_FILE),),
        tuple(
            Forbid(
                capability,
                "Viadeo became insolvent in 2016 and was sold in 2017; no API that one could register for today is known to us.",
                "https://www.lemondeinformatique.fr/actualites/lire-viadeo-place-en-redressement-judiciaire-66659.html",
            )
            for capability in (_C.CONNECT, _C.CONTACTS, _C.MESSAGES, _C.PUBLISH)
        ),
    ),
}
