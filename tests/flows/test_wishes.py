"""Objection, restriction, withdrawn consent: confirmed by the mailed link, kept everywhere, shown, taken back by the person."""

from collections.abc import Callable

import pytest

from chalicelib.domain.privacy import officer, repository
from chalicelib.domain.privacy.reasons import Decision
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from chalicelib.domain.suppression.wishes import Use
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.privacy_mail import link_in, mail
from tests.support.wishes import ask, exercise, lift_path, mails, post, somebody

GATES = {"objection": "objection", "restriction": "restriction", "consent_withdrawn": "objection"}
SUBJECTS = {"de": "Erledigt: Ihr Wunsch gilt ab jetzt", "el": "Έγινε: αυτό που ζητήσατε ισχύει από τώρα"}


def contact(of: Member, address: str) -> str:
    made = of.api.post("/v1/contacts", {"first_name": "Ada", "emails": [address, f"other.{address}"]})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def closed(of: Member, ident: str) -> list[str]:
    """The gates that are not passed."""
    answer = of.api.get(f"/v1/contacts/{ident}/contactability")
    assert answer.status_code == 200, answer.text
    found = [gate["gate"] for gate in answer.json()["gates"] if not gate["passed"]]
    assert answer.json()["contactable"] is not bool(found)
    return found


@pytest.mark.parametrize("right", GATES)
def test_a_confirmed_wish_holds_in_every_workspace_until_it_is_taken_back(
    cloud: Cloud, api: Api, new_workspace: Callable[..., Member], right: str
) -> None:
    first, second, address = new_workspace(), new_workspace(), somebody()
    held = [(team, contact(team, address)) for team in (first, second)]
    path = ask(cloud, address, right)
    assert [closed(*each) for each in held] == [[], []], "nobody has confirmed it"
    assert api.get(path).status_code == 200
    assert [closed(*each) for each in held] == [[], []], "looking changes nothing"
    assert api.press(path).status_code == 200
    cloud.drain()
    assert [closed(*each) for each in held] == [[GATES[right]]] * 2
    later = new_workspace()
    assert closed(later, contact(later, address)) == [GATES[right]], "who learns of the person later is told too"
    told = mails(cloud, address)
    assert [mail["subject"] for mail in told] == [
        "Please confirm your request",
        "Done: what you asked for holds from now on",
    ]
    taken_back(cloud, api, lift_path(cloud, told[-1]))
    assert [closed(*each) for each in held] == [[], []]
    assert "Nothing to take back" in api.get(lift_path(cloud, told[-1])).text


def taken_back(cloud: Cloud, api: Api, path: str) -> None:
    """Only the page's own button takes it back."""
    page = api.get(path)
    assert (page.status_code, "Take it back?" in page.text) == (200, True)
    assert "Take it back?" in post(api, path, "").text, "a scanner's empty POST does nothing"
    assert "Take it back?" in api.get(path).text
    assert "Taken back" in api.press(path).text
    assert "Nothing to take back" in api.press(path).text


def test_nothing_of_the_person_is_kept_but_a_hash(cloud: Cloud, api: Api) -> None:
    address = somebody()
    answer = exercise(cloud, address, "objection")
    assert wishes.forbidden(Use.OUTREACH, [address]) == {address}
    assert api.get(lift_path(cloud, answer)[:-20]).status_code == 404
    assert address.split("@")[0] not in lift_path(cloud, answer)


@pytest.mark.parametrize("language", SUBJECTS)
def test_the_person_is_answered_in_its_language_with_pages_in_it(cloud: Cloud, api: Api, language: str) -> None:
    answer = exercise(cloud, somebody(), "objection", language)
    assert answer["subject"] == SUBJECTS[language]
    assert f'<html lang="{language}">' in api.get(lift_path(cloud, answer)).text


def test_nobody_who_is_not_asked_confirms_another_address(cloud: Cloud, api: Api) -> None:
    address, other = somebody(), somebody()
    path = ask(cloud, address, "restriction")
    assert "Is this your request?" in post(api, path, f"other_email={other}").text
    assert wishes.standing([address, other]) == {address: frozenset(), other: frozenset()}
    assert mails(cloud, other) == []


def test_an_unconfirmed_wish_is_reminded_of_and_ends_in_its_own_words(cloud: Cloud) -> None:
    address = somebody()
    ask(cloud, address, "objection")
    for days in (6, 8):
        cloud.advance(days * 86_400)
        cloud.drain()
    subjects = [mail["subject"] for mail in mails(cloud, address)]
    assert subjects[1:] == [
        "Reminder: your request is not confirmed yet",
        "Your request has ended without a confirmation",
    ]
    assert wishes.standing([address])[address] == frozenset()


def test_an_erasure_takes_the_place_of_what_was_said_before(cloud: Cloud, erased: Callable[..., str]) -> None:
    address = somebody()
    exercise(cloud, address, "objection")
    erased(address)
    assert wishes.standing([address])[address] == frozenset()


def test_the_officers_word_is_as_good_as_the_link(cloud: Cloud) -> None:
    address = somebody()
    ident = ask(cloud, address, "restriction").rsplit("/", 1)[1].split(".")[0]
    officer.decide(ident, "officer", Decision.VERIFIED, "other_proof")
    cloud.drain()
    assert wishes.standing([address])[address] == {Wish.RESTRICTION}
    assert mails(cloud, address)[-1]["subject"] == "Done: what you asked for holds from now on"


def test_a_colleague_is_told_what_the_owner_is_told_of_what_it_may_see(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague, address = new_colleague(member), somebody()
    ident = contact(member, address)
    exercise(cloud, address, "objection")
    assert colleague.api.get(f"/v1/contacts/{ident}/contactability").status_code == 404
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.patch("/v1/me/settings", {"share_contacts": True}).status_code == 200
    assert closed(colleague, ident) == ["objection"]


KEPT = {"objection": "objection_kept", "restriction": "restricted", "consent_withdrawn": "objection_kept"}


@pytest.mark.parametrize("right", KEPT)
@pytest.mark.parametrize("refuses", [False, True])
def test_a_member_who_holds_the_person_is_asked_and_the_person_told_what_came(
    cloud: Cloud, member: Member, right: str, refuses: bool
) -> None:
    address = somebody()
    held = contact(member, address)
    told = exercise(cloud, address, right)
    assert "Customers of ours who hold your address were asked as well." in told["text"]
    (task,) = [each for each in member.api.get("/v1/privacy/tasks").json()["items"] if each["address"] == address]
    assert (task["right"], [each["id"] for each in task["held"]]) == (GATES[right], [held])
    wrong = member.api.post(f"/v1/privacy/tasks/{task['id']}", {"answer": "copy"})
    assert wrong.status_code == 422
    said = {"answer": "refused", "reason": "We need it in court."} if refuses else {"answer": KEPT[right]}
    answer = member.api.post(f"/v1/privacy/tasks/{task['id']}", said)
    assert (answer.status_code, answer.json()["answer"]) == (200, said["answer"])
    cloud.drain()
    last = mails(cloud, address)[-1]
    assert last["subject"] == "Your request: our customers have answered"
    assert ("not all of them have done what you wish" in last["text"]) is refuses
    assert "We need it in court." not in last["text"], "the reason is our officer's"
    assert wishes.standing([address])[address] == {Wish(right)}, "whatever members answer, our own part holds"


def test_what_members_leave_unanswered_comes_to_our_officer(cloud: Cloud, member: Member) -> None:
    address = somebody()
    contact(member, address)
    ident = ask(cloud, address, "objection").rsplit("/", 1)[1].split(".")[0]
    officer.decide(ident, "officer", Decision.VERIFIED, "other_proof")
    cloud.drain()
    states = []
    for days in (0, 20, 9):
        cloud.advance(days * 86_400)
        cloud.drain()
        found = repository.find(ident)
        assert found
        states += [str(right.state) for right in found[1].rights]
    assert states == ["ready", "ready", "for_officer"]
    officer.answer(ident, "officer", "Our customer has not answered; we keep to it.")
    cloud.drain()
    assert mails(cloud, address)[-1]["text"].count("we keep to it") == 1


LETTERS = {
    "en": ("I object to the processing of my personal data.", Wish.OBJECTION),
    "de": ("Hiermit widerspreche ich der Verarbeitung meiner personenbezogenen Daten.", Wish.OBJECTION),
    "fr": ("Je demande la limitation du traitement de mes données personnelles.", Wish.RESTRICTION),
    "it": ("Revoco il mio consenso al trattamento dei miei dati personali.", Wish.CONSENT_WITHDRAWN),
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_wish_by_mail_gets_the_link_as_one_by_the_form(
    cloud: Cloud, api: Api, drop_mail: Callable[..., str], language: str
) -> None:
    address, (words, wish) = somebody(), LETTERS[language]
    drop_mail(mail(address, words, subject=""))
    cloud.drain()
    (first,) = mails(cloud, address)
    assert wishes.standing([address])[address] == frozenset()
    assert api.press(link_in(first["text"]).removeprefix(cloud.url)).status_code == 200
    cloud.drain()
    assert wishes.standing([address])[address] == {wish}


@pytest.mark.parametrize("right", ["objection", "restriction"])
def test_no_member_is_asked_of_what_the_person_took_back(cloud: Cloud, member: Member, right: str) -> None:
    address = somebody()
    contact(member, address)
    told = exercise(cloud, address, right)
    ident = member.api.get("/v1/privacy/tasks").json()["items"][0]["id"]
    before = len(mails(cloud, address))
    assert Api(cloud.url).press(lift_path(cloud, told)).status_code == 200
    cloud.drain()
    assert member.api.get("/v1/privacy/tasks").json()["items"] == []
    assert member.api.post(f"/v1/privacy/tasks/{ident}", {"answer": KEPT[right]}).status_code == 404
    cloud.advance(40 * 86_400)
    cloud.drain()
    assert len(mails(cloud, address)) == before, "it was told of answers to what it took back"
