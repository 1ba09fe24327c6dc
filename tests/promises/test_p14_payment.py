"""P14: payment details are never seen, handled or stored: whatever PayPal tells of a payer, nothing of it is found anywhere."""

import importlib
import json
import pkgutil
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import chalicelib
from chalicelib.core.models import Model
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.paypal_checkout import Paying

_PAYMENT = re.compile(r"card|iban|\bbic\b|bank|cvv|cvc|payer|account_number|last_digits|sepa|expiry")


CALLING, COUNTRY = "49", "DE"  # no marks: they are found everywhere
_OF_IDS = str.maketrans("01IO", "XYJP")  # PayPal's ids of payers have none of these


def ident(mark: str) -> str:
    """The mark as an id of a payer."""
    return mark.upper().translate(_OF_IDS)[:13]


def number(mark: str, first: int) -> str:
    """The mark as 14 digits."""
    return f"{first}{int.from_bytes(mark.encode()[:8]) % 10**13:013d}"


def payer(mark: Callable[[str], str]) -> dict[str, Any]:
    """A subscriber with a mark in every field that PayPal may send, card and bank included."""
    return {
        "email_address": f"{mark('mail')}@payer.example",
        "payer_id": ident(mark("payerid")),
        "name": {"given_name": mark("given"), "surname": mark("surname")},
        "phone": {"phone_number": {"country_code": CALLING, "national_number": number(mark("phone"), 1)}},
        "shipping_address": {
            "name": {"full_name": mark("full")},
            "address": {"address_line_1": mark("street"), "country_code": COUNTRY},
        },
        "payment_source": {
            "card": {
                "name": mark("holder"),
                "number": mark("pan"),
                "last_digits": number(mark("digits"), 2),
                "cvv": mark("cvv"),
            },
            "bank": {"iban": mark("iban"), "bic": mark("bic"), "account_holder_name": mark("bankname")},
        },
    }


def leaves(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from leaves(value)
    else:
        yield str(node)


def test_marks_planted_with_the_payer_are_found_nowhere(
    cloud: Cloud, paying: Paying, member: Member, mark: Callable[[str], str], captured: CapturedLog
) -> None:
    usual = paying.paypal.subscriptions.payer
    paying.paypal.subscriptions.payer = payer(mark)
    try:
        ident = whole_life(cloud, paying, member, mark)
    finally:
        paying.paypal.subscriptions.payer = usual
    sent = b"".join(body for _, body in paying.paypal.webhooks.sent)
    everything = [*places.raw(cloud, captured), *places.unsealed(cloud)]
    for planted in set(leaves(payer(mark))) - {CALLING, COUNTRY}:
        assert planted.encode() in sent, "the mark was never sent to us: the test proves nothing"
        assert places.holding(planted, everything) == [], planted
    assert places.holding(mark("forged"), everything) == []
    assert "table Accounts subscription" in places.holding(ident, everything), "the scan is blind"


def whole_life(cloud: Cloud, paying: Paying, member: Member, mark: Callable[[str], str]) -> str:
    """Every event and every failure that a subscription can have; PayPal's id of the last one."""
    ident = paying.subscribe(member)
    cloud.advance(35)
    paying.paypal.renew()
    for move in ("fail", "suspend", "activate"):
        paying.paypal.move(ident, move)
        paying.paypal.deliver()
    paying.paypal.move(ident, "fail")
    for broken in ("verify", "show"):
        paying.paypal.fault("status", on=broken)
        paying.paypal.deliver()
        paying.paypal.heal()
    forged = {"id": f"WH-{uuid.uuid4().hex}", "event_type": mark("forged"), "resource": payer(mark)}
    assert paying.webhook(json.dumps(forged).encode()).status_code == 200, "signed, and no business of ours"
    assert paying.webhook(json.dumps(forged).encode(), PAYPAL_TRANSMISSION_SIG="AAAA").status_code == 400
    foreign, _ = paying.paypal.subscriptions.add(paying.paypal.rest.plan_id, mark("forged"), ("", ""), "")
    paying.paypal.approval_page.approve(foreign)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 200
    back = paying.answer(paying.checkout(member))
    paying.paypal.deliver()
    cloud.advance(60)
    cloud.drain()
    found = re.search(r"subscription_id=(I-\w+)", back)
    assert found
    return found[1]


def models(of: type[Model]) -> Iterator[type[Model]]:
    for child in of.__subclasses__():
        yield child
        yield from models(child)


def test_no_type_has_a_place_for_payment_details() -> None:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    checked = [(model.__name__, name) for model in models(Model) for name in model.model_fields]
    assert len(checked) > 50
    assert [each for each in checked if _PAYMENT.search(each[1])] == []
