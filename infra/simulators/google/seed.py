"""Whom and what the accounts know from the start: the people of infra.simulators.people."""

from datetime import timedelta
from random import Random

from chalicelib.core import clock
from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.contacts import Fields, described
from infra.simulators.people import KNOWN, Somebody, people

# The demo members of infra.local.seed, with accounts at their own domains.
MAIN = ("ada@nordlicht.example", "Ada Nordlicht")
OTHERS = (("ben@nordlicht.example", "Ben Nordlicht"), ("chloe@atelier-sud.example", "Chloé du Sud"))
_EACH_OTHER = 25
_DAYS = 150  # of mails
_WRITES = 5  # every so many people are written with
# Words that no copy of ours may hold: they are nowhere but in subjects and bodies.
_SUBJECTS = (
    "Zwetschgenkuchen recipe",
    "Quittengelee for you",
    "Marillenknödel on Friday",
    "Heidelbeeren and the offer",
)
_BODIES = (
    "My divorce is through, please tell nobody.",
    "The tests came back negative, thank God.",
    "Call my lawyer first.",
)


def seed(accounts: Accounts) -> None:
    """The main account knows everybody that Google knows, the others a few of them. Where it has been done, nothing."""
    if accounts.get(MAIN[0]) is not None:
        return
    everybody = people()
    known = [everybody[number] for number in KNOWN["google"]]
    _fill(accounts.add(*MAIN), known)
    _write(accounts.known(MAIN[0]), known[::_WRITES])
    _automatic(accounts.known(MAIN[0]), known[1])
    for place, (address, name) in enumerate(OTHERS):
        few = known[place * _EACH_OTHER : (place + 1) * _EACH_OTHER + 5]
        _fill(accounts.add(address, name), few)
        _write(accounts.known(address), few[::_WRITES])


def _fill(account: Account, known: list[Somebody]) -> None:
    for each in known:
        more: Fields = {"birthdays": [{"date": {"month": 1 + each.number % 12, "day": 1 + each.number % 28}}]}
        more["addresses"] = [{"streetAddress": f"Geheime Gasse {each.number}", "city": "Nirgendwo", "type": "home"}]
        fields = described(
            first_name=each.first_name,
            last_name=each.last_name,
            emails=[each.email],
            phones=[each.phone],
            urls=[each.linkedin] if each.number % 3 == 0 else None,
            title=each.title,
            company=each.company.name,
            note=f"Confidential: met at the fair, allergic to nuts ({each.number})",
            **more,
        )
        account.contacts.add(fields)


def _write(account: Account, partners: list[Somebody]) -> None:
    """Mails of the last months, to and fro; some go to two people, some are never answered."""
    now, box = clock.now(), account.mailbox
    for place, each in enumerate(partners):
        chance = Random(each.number)  # noqa: S311 - mails that nobody wrote
        other = partners[(place + 1) % len(partners)]
        for turn in range(1 + chance.randrange(4)):
            at = now - timedelta(days=chance.randrange(1, _DAYS), minutes=chance.randrange(1440))
            subject, text = chance.choice(_SUBJECTS), chance.choice(_BODIES)
            copies = [other.email] if turn == 1 else []
            sent = box.add(to=[_named(each)], cc=copies, subject=subject, text=text, at=at, past=True)
            if chance.random() < 0.7:  # noqa: PLR2004 - most people answer
                answered = at + timedelta(hours=chance.randrange(1, 20))
                re, text = f"Re: {subject}", chance.choice(_BODIES)
                box.add(sender=_named(each), subject=re, text=text, at=answered, answers=sent.id, past=True)


def _automatic(account: Account, absent: Somebody) -> None:
    """A newsletter, an out-of-office, a bounce, and one in the spam."""
    now, box = clock.now(), account.mailbox
    lists = {"List-Id": "<news.fruit.example>", "List-Unsubscribe": "<https://fruit.example/u>", "Precedence": "bulk"}
    box.add(sender="Fruit News <news@fruit.example>", subject="Plums!", text="Cheap plums.", headers=lists, past=True)
    away = {"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"}
    box.add(sender=_named(absent), subject="Out of office", text="On a cure.", headers=away, past=True, at=now)
    bounce = {"Auto-Submitted": "auto-replied", "X-Failed-Recipients": "gone@nowhere.example", "Return-Path": "<>"}
    daemon = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
    box.add(sender=daemon, subject="Delivery Status Notification (Failure)", text="Gone.", headers=bounce, past=True)
    box.add(sender="prince@spam.example", subject="Millions", text="For you.", labels=["SPAM"], past=True)


def _named(each: Somebody) -> str:
    return f"{each.first_name} {each.last_name} <{each.email}>"
