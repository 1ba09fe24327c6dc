"""The values of a contact whose person wants its data restricted: what is shown stays as it is, and what files say newly is kept
beside it. What connections say is not taken; they are asked again once the restriction is lifted."""

from collections.abc import Sequence

from chalicelib.domain.contacts.model import LISTS, ContactPayload, Kept, key_of
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.staying import latest


def now_said(payload: ContactPayload, name: str) -> list[Kept]:
    """Return the values of a field as its sources say them now, shown or not."""
    every = payload.values_of(name)
    if name not in payload.beside:
        return every
    shown = payload.shown_texts(name)
    groups = survivorship.elements(every, key_of(name)) if name in LISTS else [every]
    return [kept for group in groups for kept in latest(group, shown)]


def staying(payload: ContactPayload, name: str, values: Sequence[Kept]) -> list[Kept]:
    """Return what sources say of a field with what is shown of it, whoever says that still."""
    there, said = getattr(payload, name), {kept.value for kept in values}
    shown = there if name in LISTS else [there]
    return [*(kept for kept in shown if kept is not None and kept.value not in said), *values]


def released(payload: ContactPayload) -> ContactPayload:
    """Return the contact as its sources have it, restricted no more."""
    free = payload.model_copy(update={"restricted": False})
    return free.model_copy(update=free.with_values({name: now_said(payload, name) for name in payload.beside}))
