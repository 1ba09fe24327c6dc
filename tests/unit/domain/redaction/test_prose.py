"""What is cut out of a note, and above all what is not."""

import pytest

from chalicelib.core.identifiers import EmailAddress, phone, profile_url
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.suppression.model import marks_of

ANNA = PersonName("Anna", "Kowalska")
MARKS = marks_of(
    [EmailAddress.parse("anna.k@firma.example")],
    [profile_url("https://www.linkedin.com/in/annak")],
    [phone("+33 6 12 34 56 78")],
)


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("Write to anna.k@firma.example.", "Write to […]."),
        ("Anna <ANNA.K@Firma.Example>, twice", "Anna <[…]>, twice"),
        ("mailto:anna.k+fair@firma.example?subject=x", "mailto:[…]?subject=x"),
        ("see https://fr.linkedin.com/in/AnnaK/?x=1, please", "see […], please"),
        ("linkedin.com/in/annak", "[…]"),
        ("+33 (0)6 12 34 56 78 or 06.12.34.56.78 or 0033612345678", "[…] or […] or […]"),
        ("+33 6 12 34 56 79", "+33 6 12 34 56 79"),
        ("anna.k@firma.example.org, anna@firma.example", "anna.k@firma.example.org, anna@firma.example"),
        ("linkedin.com/in/annak2 and joanna.k@firma.example", "linkedin.com/in/annak2 and joanna.k@firma.example"),
    ],
)
def test_every_spelling_of_an_identifier_is_cut_and_no_other(note: str, left: str) -> None:
    assert redacted(note, MARKS, []) == left


@pytest.mark.parametrize(
    ("note", "left"),
    [
        # English
        ("Met Anna Kowalska and Piotr Nowak. Anna will call.", "Met […] and Piotr Nowak. […] will call."),
        ("Call Kowalska on Monday", "Call […] on Monday"),
        ("Kowalska, Anna - buyer", "[…] - buyer"),
        ("A. Kowalska, B. Kowalska", "[…], B. Kowalska"),
        ("Kowalska, A.; Nowak, A.", "[…]; Nowak, A."),
        ("Mr Kowalska, Dr. Anna Kowalska", "Mr […], Dr. […]"),
        ("Anna M. Kowalska", "[…]"),
        ("Anna's idea, Kowalska’s budget", "[…]'s idea, […]’s budget"),
        ("anna kowalska", "[…]"),
        ("Anna\nKowalska", "[…]"),
        # French
        ("Déjeuner avec Mme Kowalska et M. Dupont", "Déjeuner avec Mme […] et M. Dupont"),
        ("KOWALSKA Anna et Anna Dupont", "[…] et Anna Dupont"),
        ("Rappeler Anna demain ; Piotr Kowalska aussi", "Rappeler […] demain ; Piotr Kowalska aussi"),
        # German
        ("Frau Kowalska und Herr Kowalska-Nowak", "Frau […] und Herr Kowalska-Nowak"),
        ("Kowalskas Angebot liegt vor", "[…] Angebot liegt vor"),
        ("Termin mit Anna Kowalska, Anna Schmidt kommt auch", "Termin mit […], Anna Schmidt kommt auch"),
        # others who stay
        ("Piotr Kowalska, Anna Nowak", "Piotr Kowalska, Anna Nowak"),
        ("Nowak, Anna\nKowalska, Piotr", "Nowak, Anna\nKowalska, Piotr"),
        ("Anna Kowalska-Nowak", "Anna Kowalska-Nowak"),
        ("Kowalska Consulting; annapurna; anna", "Kowalska Consulting; annapurna; anna"),
        ("Anna.Nowak@firma.example", "Anna.Nowak@firma.example"),
        ("Jean-Anna, Joanna Kowalska", "Jean-Anna, Joanna Kowalska"),
    ],
)
def test_the_name_is_cut_and_other_people_stay(note: str, left: str) -> None:
    assert redacted(note, [], [ANNA]) == left


@pytest.mark.parametrize(
    ("name", "note", "left"),
    [
        (
            PersonName("Jean-Pierre", "Müller"),
            "J.-P. Mueller, Jean Pierre MULLER, Jean Müller",
            "[…], […], Jean Müller",
        ),
        (PersonName("Zoë", "O'Brien"), "Zoe O’Brien, Mr O'Brien, Tim O'Brien", "[…], Mr […], Tim O'Brien"),
        (PersonName("Ludwig", "von Neumann"), "Herr von Neumann, Neumann, John Neumann", "Herr […], […], John Neumann"),
        (PersonName("Anna Maria", "Kowalska"), "Anna Kowalska, Anna Maria, A. M. Kowalska", "[…], […], […]"),
        (PersonName("May", "Will"), "May Will call in May? Will he? Mrs Will", "[…] call in May? Will he? Mrs […]"),
        (PersonName("", "Kowalska"), "Anna Kowalska; Kowalska", "Anna Kowalska; […]"),
        (PersonName("", ""), "Anna", "Anna"),
        (PersonName("Łukasz", "Żak"), "lukasz zak, ŁUKASZ ŻAK", "[…], […]"),
    ],
)
def test_names_are_read_as_people_write_them(name: PersonName, note: str, left: str) -> None:
    assert redacted(note, [], [name]) == left


@pytest.mark.parametrize(
    ("name", "note", "left"),
    [
        # Signs for vowels, and for their absence, are no letters to Python.
        (PersonName("राम", "शर्मा"), "राम शर्मा से, शर्मा राम; रामू शर्मा", "[…] से, […]; रामू शर्मा"),
        (PersonName("রহিম", "উদ্দিন"), "রহিম উদ্দিন এর সাথে", "[…] এর সাথে"),
        (PersonName("ਗੁਰਪ੍ਰੀਤ", "ਸਿੰਘ"), "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ਨਾਲ", "[…] ਨਾਲ"),
        (PersonName("முருகன்", "செல்வம்"), "முருகன் செல்வம் அழைத்தார்", "[…] அழைத்தார்"),
        (PersonName("లక్ష్మి", "రావు"), "లక్ష్మి రావు గారు", "[…] గారు"),
        (PersonName("නිමල්", "පෙරේරා"), "නිමල් පෙරේරා සමඟ", "[…] සමඟ"),
        (PersonName("علی\u200cرضا", "کریمی"), "با علی\u200cرضا کریمی و علیرضا کریمی", "با […] و […]"),
        (PersonName("דָּוִד", "כֹּהֵן"), "דוד כהן", "[…]"),
        # What is written as one with the name before it
        (PersonName("דוד", "כהן"), "לדוד כהן ושל דוד כהן", "[…] ושל […]"),
        (PersonName("محمد", "الأحمد"), "ومحمد الأحمد، لمحمد الأحمد", "[…]، […]"),
        # and behind it
        (
            PersonName("István", "Nagy"),
            "Nagy Istvánnal és Nagy Istvánról, Nagy Istvánffy",
            "[…] és […], Nagy Istvánffy",
        ),
        (PersonName("Péter", "Kovács"), "Kovács Péterrel, Kovácsnak", "[…], […]"),
        (
            PersonName("Matti", "Virtanen"),
            "Soitin Matti Virtaselle; Virtasen työ; Matti Virtala",
            "Soitin […]; […] työ; Matti Virtala",
        ),
        (PersonName("Anna", "Berg"), "Anna Bergen, Anna Bergman, Anna Bergs", "Anna Bergen, Anna Bergman, […]"),
        (PersonName("Seán", "O'Brien"), "Sean OBrien, OBrien, Tim OBrien", "[…], […], Tim OBrien"),
    ],
)
def test_names_with_what_other_languages_write_into_them(name: PersonName, note: str, left: str) -> None:
    assert redacted(note, [], [name]) == left


def test_decomposed_accents_and_the_rest_to_the_letter() -> None:
    note = "  Zoe\u0308 Fischer:\tnet 30 €\r\n\r\n— fin  "
    assert redacted(note, [], [PersonName("Zoë", "Fischer")]) == "  […]:\tnet 30 €\r\n\r\n— fin  "


def test_cutting_again_changes_nothing() -> None:
    once = redacted("Anna Kowalska, anna.k@firma.example", MARKS, [ANNA])
    assert redacted(once, MARKS, [ANNA]) == once == "[…], […]"


@pytest.mark.parametrize("text", ["a" * 10_000, "a." * 5_000, "1 " * 5_000, "(" * 10_000, "@" * 10_000, "A-" * 5_000])
def test_a_long_note_is_read_in_time(text: str) -> None:
    redacted(text, MARKS, [ANNA])


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("📧anna.k@firma.example", "📧[…]"),
        ("✉ anna.k@firma.example ✓", "✉ […] ✓"),
        ("→anna.k@firma.example←", "→[…]←"),
        ("「anna.k@firma.example」", "「[…]」"),
        ("【anna.k@firma.example】まで", "【[…]】まで"),
        ("「Anna」:anna.k＠firma.example。", "「Anna」:[…]。"),
        ("“anna.k@firma.example”", "“[…]”"),
        ("›anna.k@firma.example‹", "›[…]‹"),
        ("{anna.k@firma.example}", "{[…]}"),
        ("请联系anna.k@firma.example谢谢", "请联系[…]谢谢"),
        ("メールはanna.k@firma.exampleです", "メールは[…]です"),
        ("이메일anna.k@firma.example입니다", "이메일[…]입니다"),
        ("อีเมลanna.k@firma.exampleครับ", "อีเมล[…]ครับ"),
        ("邮箱：anna.k@firma.example，谢谢", "邮箱：[…]，谢谢"),
        ("anna.k@firma.example-", "[…]-"),
        ("- anna.k@firma.example", "- […]"),
        ("-anna.k@firma.example", "-[…]"),
        ("_anna.k@firma.example_", "_[…]_"),
        ("**anna.k@firma.example**", "**[…]**"),
        ("anna.k@firma.example.Thanks", "[…].Thanks"),
        ("https://x.example/?to=anna.k%40firma.example", "https://x.example/?to=[…]"),
        ("anna.k%40firma%2Eexample", "[…]"),
        ("anna\u200b.k@fir\u00adma.example", "[…]"),
        ("\u202eanna.k@firma.example\u202c", "\u202e[…]\u202c"),
        ("ａｎｎａ．ｋ＠ｆｉｒｍａ．ｅｘａｍｐｌｅ", "[…]"),
        ("anna.k (at) firma.example", "[…]"),
        ("anna.k [at] firma [dot] example", "[…]"),
        ("anna.k @ firma.example", "[…]"),
        ("见linkedin.com/in/annak。谢谢", "见[…]。谢谢"),
        ("电话+33612345678，", "电话[…]，"),
    ],
)
def test_an_identifier_is_cut_wherever_a_reader_sees_it(note: str, left: str) -> None:
    assert redacted(note, MARKS, []) == left
    assert redacted(left, MARKS, []) == left


@pytest.mark.parametrize(
    ("name", "note", "left"),
    [
        (ANNA, "Spotkanie z Anną Kowalską, dla Anny Kowalskiej", "Spotkanie z […], dla […]"),
        (ANNA, "Pani Kowalska, oferta dla Kowalskiej", "Pani […], oferta dla […]"),
        (PersonName("Jan", "Nowak"), "z Janem Nowakiem o Jana Nowaka, Nowakowi", "z […] o […], […]"),
        (PersonName("Petr", "Novotný"), "s Petrem Novotným, pro Petra Novotného", "s […], pro […]"),
        (PersonName("Иван", "Иванов"), "встреча с Иваном Ивановым, для Ивана Иванова", "встреча с […], для […]"),
        (PersonName("Анна", "Петрова"), "звонок Анне Петровой, господин Иванов", "звонок […], господин Иванов"),
        (
            PersonName("Ayşe", "Yılmaz"),
            "Ayşe Hanım'ın notu, Ayşe'nin ve Yılmaz'la",
            "[…] Hanım'ın notu, […]'nin ve […]'la",
        ),
        (PersonName("Ana", "Muñoz"), "Señora Muñoz y la Sra. Muñoz", "Señora […] y la Sra. […]"),
        # others who stay
        (PersonName("Jan", "Nowak"), "Jana Nowak, Janina Nowakowska", "Jana Nowak, Janina Nowakowska"),
        (PersonName("Иван", "Иванов"), "Анна Иванова", "Анна Иванова"),
        (ANNA, "Jan Kowalski, dla Jana Kowalskiego", "Jan Kowalski, dla Jana Kowalskiego"),
        (PersonName("Martin", "Berg"), "Martina Berg", "Martina Berg"),
    ],
)
def test_a_declined_name_is_cut_and_no_other_persons(name: PersonName, note: str, left: str) -> None:
    assert redacted(note, [], [name]) == left
