"""Having a contact say whether its person wants its data restricted, as the wishes say now."""

from chalicelib.core import clock
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.merge import restricted_as
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.sources import links
from chalicelib.domain.suppression import tombstones
from chalicelib.store import rows

_SAID = Cause(Action.CONTACT_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS)  # clients must hear of it, the log never shows it


def follow(tenant: TenantId, record_sk: SortKey) -> bool:
    """Write the contact as restricted, or free, by what any of its addresses' owners wish; return whether that changed it. What
    connections said meanwhile is asked of them again once it is free. Safe to repeat. VersionConflict where it keeps changing."""

    def write(row: ContactRecord) -> bool:
        before = row.unsealed(ContactPayload)
        restricted = tombstones.ask(tenant, [[*before.held(), *before.named()]]).restricted[0]
        after = restricted_as(before, clock.rfc3339(clock.now()), restricted=restricted)
        if after is not before:
            repository.rewrite(row, after, _SAID)
        if not restricted:  # also where a worker was killed before this, or a sync wrote what it had read before
            links.outdate(tenant, KIND, after.source_ids)
        return after is not before

    return bool(rows.settle(rows.Key(ContactRecord, tenant, record_sk), write))
