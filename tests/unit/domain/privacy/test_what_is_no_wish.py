"""Short letters whose words are those of a wish, and which wish something else: none gets the link of an erasure."""

import pytest

from chalicelib.domain.privacy.parsing.intent import Writer, read_wish
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.states import RightKind


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


@pytest.mark.parametrize(
    "text",
    [
        "Delete my data from the seating plan, please.",
        "Entfernen Sie meine Daten vom Aushang.",
        "Retirez mes données de la plaquette.",
        "Borren mis datos del cartel.",
        "Togliete i miei dati dal manifesto.",
        "Usuńcie moje dane z plakatu.",
        "Odstraňte moje údaje z plakátu.",
        "Αφαιρέστε τα στοιχεία μου από την αφίσα.",
    ],
)
def test_out_of_what_nobody_knows_is_a_part_and_for_our_officer(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.certain, Mark.PARTIAL in wish.marks) == ((RightKind.ERASURE,), False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Delete my data from your bloody database.",
        "Löscht meine Daten aus eurer Kundendatenbank.",
        "Radera mina uppgifter ur ert adressregister.",
        "Effacez mes données de votre maudite base.",
        "Borren mis datos de raíz.",
        "Usuńcie moje dane na stałe.",
        "Delete all data linked to my email address.",
        "Ich habe den Job gewechselt, löschen Sie bitte meine Daten.",
    ],
)
def test_a_place_where_all_is_held_or_a_turn_of_speech_narrows_nothing(text: str) -> None:
    assert read_wish("", text).certain


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Please remove Karl Ott from your system.", "Karl Ott"),
        ("Bitte entfernen Sie Herrn Ott aus Ihrem System.", "Ott, Karl"),
        ("Proszę usunąć Karla Otta z Państwa bazy.", "Karl Ott"),
        ("Vă rog să-l scoateți pe Karl Ott din baza dvs. de date.", "KARL OTT"),
        ("Παρακαλώ αφαιρέστε τον Καρλ Οττ από το μητρώο σας.", "Καρλ Οττ"),
    ],
)
def test_who_is_named_is_another_unless_the_mail_comes_from_that_name(text: str, called: str) -> None:
    mine = read_wish("", text, Writer("k@example.org", called))
    assert (mine.rights, mine.certain) == ((RightKind.ERASURE,), True)
    others = read_wish("", text, Writer("k@example.org", "Jane Roe"))
    assert (others.rights, others.certain, others.marks) == (
        (RightKind.ERASURE,),
        False,
        frozenset({Mark.THIRD_PERSON}),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Please remove Karl Ott from the thread.",
        "Bitte nehmen Sie Karl Ott aus der Einladung.",
        "Retirez Karl Ott de la boucle.",
    ],
)
def test_who_is_to_leave_a_thing_of_everyday_is_nobody_of_ours(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.addressed) == ((), False)


@pytest.mark.parametrize(
    "text",
    [
        "Erase my account, I created two by accident.",
        "Bitte löschen Sie mein Konto, ich habe aus Versehen zwei angelegt",
        "Supprimez mon compte, j'en ai créé deux par erreur",
        "usuńcie moje konto, przez pomyłkę założyłem dwa",
    ],
)
def test_one_of_two_accounts_is_for_our_officer(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.certain, wish.marks) == ((RightKind.ERASURE,), False, frozenset({Mark.PARTIAL}))
