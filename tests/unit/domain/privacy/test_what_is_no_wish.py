"""Short letters whose words are those of a wish, and which wish something else: none gets the link of an erasure."""

import pytest

from chalicelib.domain.privacy.parsing.intent import read_wish


@pytest.mark.parametrize(
    "text",
    [
        "Please delete all my meetings next week",
        "Please delete all meetings.",
        "Please delete all of my drafts.",
        "Bitte lösche alle meine Termine nächste Woche.",
        "Bitte alle Termine löschen.",
        "Supprime tous mes rendez-vous de demain stp",
        "Borra todas mis citas por favor",
        "Cancella tutti i miei appuntamenti",
        "Obriši sve moje sastanke",
        "Șterge toate întâlnirile mele",
        "Apague todas as minhas reuniões",
        "Please delete all data of our company Nordwerk GmbH.",
    ],
)
def test_all_of_a_kind_is_not_all_that_is_held(text: str) -> None:
    assert not read_wish("", text).certain


@pytest.mark.parametrize(
    "text",
    [
        "I don't want a machine to decide about me, a human should look at it.",
        "Je ne veux pas que votre système décide pour moi.",
        "No quiero que un sistema decida sobre mí.",
        "Non voglio che un sistema decida su di me.",
        "Nie chcę, żeby system decydował o mnie.",
        "Nu vreau ca un sistem să decidă despre mine.",
        "Ne želim da sustav odlučuje o meni.",
        "Δεν θέλω να αποφασίζει ένα σύστημα για μένα.",
        "Não quero que um sistema decida sobre mim.",
        "I do not want your platform to send me ads.",
        "I don't want to get mails from your system.",
        "I don't want calls because of your database.",
    ],
)
def test_what_a_system_is_not_to_do_is_not_that_nothing_is_held(text: str) -> None:
    assert not read_wish("", text).certain


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to be in your database any more.",
        "I do not want my email in your database.",
        "Je ne veux plus figurer dans vos fichiers.",
        "Ich will nicht mehr in Ihrer Datenbank stehen.",
        "No quiero estar en su base de datos.",
        "Non voglio più essere nel vostro database.",
        "Nechci být ve vaší databázi.",
        "Delete everything asap!",
        "Alles löschen bitte!",
        "Tout supprimer svp",
        "Borrad todo ya",
    ],
)
def test_a_wish_in_so_few_words_is_one(text: str) -> None:
    assert read_wish("", text).certain
