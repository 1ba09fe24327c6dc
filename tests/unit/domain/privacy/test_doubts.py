"""A wish that is taken back, put off, conditioned, limited or only told of is read, and acted on by nobody but a person."""

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.intent import read_wish
from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read

TAKEN_BACK = """
I hereby revoke my request for the erasure of all my personal data.
Please delete all my personal data. Actually, I have changed my mind.
Meinen Antrag, alle meine Daten zu löschen, ziehe ich zurück.
Je retire ma demande d'effacement de toutes mes données personnelles.
Anulo mi petición de supresión de todos mis datos personales.
Ritiro la richiesta di cancellazione di tutti i miei dati personali.
Cancelo o meu pedido de eliminação de todos os meus dados pessoais.
Anuluję wniosek o usunięcie wszystkich moich danych osobowych.
Jag återkallar min begäran om radering av alla mina personuppgifter.
Ακυρώνω το αίτημα για τη διαγραφή όλων των προσωπικών μου δεδομένων.
"""
PUT_OFF = """
As soon as my subscription has run out, please delete all my personal data.
Please erase everything you hold about me after you have mailed me the export.
Please delete all my personal data on 15 March.
Please delete all my personal data. But hold off until we have spoken.
Bitte löschen Sie alle meine Daten am 15. März, nicht früher.
Löschen Sie alle meine personenbezogenen Daten erst nach Erhalt der Kopie.
Supprimez toutes mes données personnelles dès que mon abonnement sera terminé.
Borren todos mis datos personales una vez que me hayan enviado una copia.
Cancellate tutti i miei dati personali, ma non prima di avermi scritto.
Verwijder al mijn persoonsgegevens zodra mijn contract afloopt.
Apaguem todos os meus dados pessoais assim que o meu contrato terminar.
Proszę usunąć wszystkie moje dane osobowe dopiero po zakończeniu umowy.
Slet alle mine personoplysninger, men først når jeg har fået en kopi.
Vymažte všechny mé osobní údaje, až mi skončí smlouva.
Ștergeți toate datele mele personale după ce îmi trimiteți o copie.
"""
CONDITIONED = """
Delete all my personal data unless my order is still on its way.
Please delete all my personal data if the premium plan is going to cost more.
If the price goes up, please delete all my personal data.
If I switch to the free plan, will you erase all my personal data?
Bitte löschen Sie alle meine Daten, es sei denn, Sie brauchen sie noch für die Rechnung.
Supprimez toutes mes données personnelles, à moins que mon contrat ne continue.
Cancellate tutti i miei dati personali, a meno che l'ordine non sia già partito.
Verwijder al mijn persoonsgegevens, tenzij mijn bestelling nog loopt.
Proszę usunąć wszystkie moje dane osobowe, chyba że umowa jeszcze trwa.
Radera alla mina personuppgifter, såvida inte beställningen redan är skickad.
"""
LIMITED = """
Please erase all the personal data about me that is more recent than last summer and prior to May.
Please delete everything you hold about me. My work number may remain.
Bitte löschen Sie alle meine Daten, die älter als drei Jahre sind.
Bitte löschen Sie alle meine Daten. Die Rechnungsadresse kann bleiben.
Supprimez toutes mes données personnelles. Mon nom peut rester.
Verwijder al mijn persoonsgegevens. Mijn naam mag blijven.
"""
TOLD = """
You have erased all my personal data, and now I cannot log in.
Vielen Dank, dass Sie alle meine Daten so schnell gelöscht haben.
Vous avez effacé toutes mes données ! Rétablissez-les.
Avete cancellato tutti i miei dati personali! Ripristinateli.
I asked Initech to delete all my personal data and that went well.
A visitor wrote on our site: please delete all my personal data.
Translate this text for me, thanks: Please delete all my personal data.
Somebody who found my phone requested you to delete all my personal data.
Our script shows 'please delete all my personal data' on the button.
Ein Kunde schrieb uns: Bitte löschen Sie alle meine Daten.
Un client nous a écrit : supprimez toutes mes données personnelles.
Een klant stuurde ons dit: verwijder al mijn persoonsgegevens.
"""
PLAIN = """
Please delete all my personal data as soon as possible.
Please delete all my personal data and confirm once it is done.
Please delete all my personal data within 30 days, by 31 December at the latest.
Please delete all my personal data. If you do not do so within a month I shall complain to the authority.
I wrote to you on 3 May. Please delete all my personal data under Regulation (EU) 2016/679.
I withdraw my consent and request the erasure of all my personal data.
If you have any data about me, please delete all of it.
Please delete all my personal data. Until then do not call me.
Please do not ignore this. Delete all my personal data.
Please delete all my personal data unless the law obliges you to keep it.
Bitte löschen Sie alle meine Daten so bald wie möglich, spätestens bis zum 31. Dezember.
Ich widerrufe meine Einwilligung und bitte um Löschung aller meiner Daten.
Bitte löschen Sie alle meine Daten und bestätigen Sie mir, sobald das geschehen ist.
Supprimez toutes mes données personnelles, s'il vous plaît. Fait à Lyon, le 12 mai 2025
Sí, borren todos mis datos personales.
Retiro mi consentimiento y solicito la supresión de todos mis datos personales.
Cancellate tutti i miei dati personali, se possibile entro il 31 maggio.
Apaguem todos os meus dados pessoais que se encontrem na vossa posse.
Verwijder zowel mijn account als al mijn persoonsgegevens.
"""


@pytest.mark.parametrize("text", (TAKEN_BACK + PUT_OFF + CONDITIONED + LIMITED + TOLD).strip().split("\n"))
def test_a_wish_in_doubt_is_not_acted_on(text: str) -> None:
    assert not read_wish("", text).certain


@pytest.mark.parametrize("text", PLAIN.strip().split("\n"))
def test_a_deadline_a_reserve_and_a_courtesy_are_no_doubt(text: str) -> None:
    assert read_wish("", text).certain


@pytest.mark.parametrize("text", ["Delete all my personal data unless my order is still on its way."])
def test_a_right_in_doubt_is_kept_for_the_officer(text: str) -> None:
    assert read_wish("", text).rights == ("erasure",)


def certain(subject: str, body: str) -> bool:
    raw = f"From: Anna <anna@example.org>\r\nMessage-ID: <1@example.org>\r\nSubject: {subject}\r\n\r\n{body}\r\n"
    found = read(raw.encode(), Verdicts(), [EmailAddress.parse("privacy@iko.example")])
    assert isinstance(found, Reading)
    assert found.rights == ("erasure",)
    return found.certain


@pytest.mark.parametrize("mark", ["Fwd", "FW", "WG", "TR", "RV", "Doorst", "PD", "ENC", "VS"])
def test_what_is_passed_on_is_anothers_word(mark: str) -> None:
    assert not certain(f"{mark}: erasure", "Please delete all my personal data.")
    assert certain("erasure", "Please delete all my personal data.")


def test_what_stands_above_a_mail_that_is_passed_on_is_the_writers() -> None:
    passed_on = "-----Original Message-----\r\nFrom: Bo <bo@example.net>\r\n\r\nBuy now!"
    assert certain("Fwd: offer", f"Please delete all my personal data.\r\n\r\n{passed_on}")


def test_a_letter_of_quoted_lines_alone_is_no_wish_of_its_sender() -> None:
    assert not certain("erasure", "> Please delete all my personal data.\r\n> Bo")


def test_anothers_address_is_not_the_senders() -> None:
    assert not certain("", "Please delete all data for bo@example.net.")
    assert certain("", "Please delete all data for anna@example.org.")
