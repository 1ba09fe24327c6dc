"""Letters of a line or two: what belongs together in them, and what only looks as if it did."""

import pytest

from chalicelib.domain.privacy.parsing.intent import read_wish
from chalicelib.domain.privacy.states import RightKind


@pytest.mark.parametrize(
    "text",
    [
        "cancellami",
        "I want you to forget I ever existed.",
        "no soy cliente borren mis datos",
        "jeg er ikke kunde hos jer, smid alt ud i har om mig",
        "moin, koennt ihr meine daten loeschn? brauch das nich mehr",
        "nechci abyste o mě cokoli uchovávali",
        "Name, Nummer, alles: raus damit!",
        "Wäre es möglich, dass ich in Ihrem System nicht mehr auftauche?",
        "Θα γινόταν να μην εμφανίζομαι πια στο σύστημά σας;",
        "Očekujem da do petka o meni ne ostane ništa.",
    ],
)
def test_so_few_words_wish_all_of_it_gone(text: str) -> None:
    assert read_wish("", text).certain


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("right to be forgotten", "see subject"),
        ("právo být zapomenut", "viz předmět"),
        ("rätten att bli bortglömd", "Se ämnesraden."),
        ("δικαίωμα στη λήθη", "βλ. θέμα"),
        ("prawo do bycia zapomnianym", "j.w."),
    ],
)
def test_a_letter_that_points_to_its_subject_says_what_that_says(subject: str, body: str) -> None:
    assert read_wish(subject, body).certain


@pytest.mark.parametrize(
    "text",
    [
        "Please delete my account's second user.",
        "Nós precisamos apagar todos os dados do servidor.",
        "Trebuie să ștergem toate datele de pe server.",
        "Πρέπει να σβήσουμε όλα τα δεδομένα από τον διακομιστή.",
        "Please erase the whiteboard with all my data on it.",
        "Effacez le tableau avec toutes mes données dessus.",
        "borra todo lo de mi buzón",
        "lösch bitte alle Kontakte, die ich gestern importiert habe",
        "ta bort alla kontakter som jag importerade igår",
        "Please delete all my files in the shared folder",
        "purge all my old logs from the server",
        "delete my booking and all details of it",
        "remove all my details from the quote",
        "delete my data from last year's event",
        "I don't want you to search for my name in your database",
        "I am a customer of my wife's shop, delete the cache",
        "Can you clear the cache? My data still shows the old prices.",
        "please wipe the whiteboards, my data is there too",
        "Please delete the watermark. My account.",
        "bitte die Wasserzeichen löschen. meine Daten.",
    ],
)
def test_a_thing_of_everyday_gets_no_link(text: str) -> None:
    assert not read_wish("", text).certain


@pytest.mark.parametrize(
    "text",
    [
        "Ich widerspreche Ihrer Rechnung Nr. 12.",
        "Je m'oppose à votre facture n° 12.",
        "Me opongo a la factura 12.",
        "Togli le mie note dal preventivo e rimandamelo entro sera.",
        "Kannst du meine Fotos aus dem Ordner löschen?",
        "Habéis borrado todos mis datos por error, ¿podéis recuperarlos?",
        "How do I delete a row without losing the data?",
    ],
)
def test_what_is_everyday_work_is_not_answered(text: str) -> None:
    assert not read_wish("", text).addressed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("mon prénom c'est Maëlle pas Maelys, corrigez svp", RightKind.RECTIFICATION),
        ("how on earth did you get hold of this address", RightKind.SOURCE),
        ("Ich widerspreche der Verarbeitung meiner Daten.", RightKind.OBJECTION),
        ("Me opongo al tratamiento de mis datos.", RightKind.OBJECTION),
    ],
)
def test_other_rights_in_few_words(text: str, right: RightKind) -> None:
    assert right in read_wish("", text).rights


def test_who_called_is_nobody_whose_data_is_to_go() -> None:
    called = "Heute hat mich jemand angerufen, und meine Nummer hat er von Ihnen. Löschen Sie alle meine Daten."
    assert read_wish("", called).certain
    assert not read_wish("", "Er hat gekündigt. Löschen Sie alle seine Daten.").certain


def test_a_name_begins_with_a_capital_in_every_script() -> None:
    from chalicelib.domain.privacy.parsing.names import names_in

    assert names_in("Διαγράψτε τα στοιχεία μου, žádám čeho śmiało") == frozenset()
    assert names_in("Διαγράψτε τον Γιώργο Παππά") >= {"παππα"}
