"""In which language a letter is: short ones, sloppy ones, mixed ones, neighbours; and that it is not plain."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.domain.privacy.parsing import language
from chalicelib.domain.privacy.parsing.language import detect

ROOT = Path(__file__).resolve().parents[4]

SHORT = """
de löschen sie mich
de Bitte alles loeschen, was Sie ueber mich haben
en Who gave you my number?
fr Qui vous a donné mon numéro ?
es quién les dio mi número
it Chi vi ha dato il mio numero?
nl Hoe komen jullie aan mijn nummer?
pt Como conseguiram o meu número?
pl Prosze usunac moje konto
pl SKĄD MACIE MÓJ NUMER
sv Var har ni fått mitt nummer ifrån?
da Hvor har I fået mit nummer fra?
no Hvor har dere fått nummeret mitt fra?
hr Ne znam tko ste ni odakle vam moj broj.
cs Odkud máte moje číslo?
sk Odkiaľ máte moje číslo?
ro Cine v-a dat numărul meu?
el Πού βρήκατε το τηλέφωνό μου;
el diagrapste ta stoixeia mou parakalo
hr Tko vam je dao moj broj telefona?
sl Kdo vam je dal mojo telefonsko številko?
fi Mistä saitte numeroni?
hu Honnan van meg a telefonszámom?
tr Numaramı nereden buldunuz?
uk Звідки у вас мій номер?
ru Откуда у вас мой номер?
bg Откъде имате номера ми?
ja 私のデータを削除してください
zh 请删除我的数据
ko 내 데이터를 삭제해 주세요
he מחקו את הנתונים שלי
ar من أين حصلتم على رقمي
fa شماره من را از کجا آوردید
ca D'on heu tret el meu número?
""".strip().split("\n")

ARTICLE = (
    "The data subject shall have the right to obtain from the controller the erasure of personal data concerning him or her"
    " without undue delay and the controller shall have the obligation to erase personal data without undue delay where one of"
    " the following grounds applies: the personal data are no longer necessary in relation to the purposes."
)
MIXED = {
    "de": f"Guten Tag,\n\nich berufe mich auf diesen Artikel:\n\n{ARTICLE}\n\nBitte antworten Sie bald.\n\nViele Grüße",
    "pl": f"Dzień dobry,\n\nproszę o usunięcie moich danych.\n\n{ARTICLE}\n\nPozdrawiam\n\nSent from my iPhone",
    "it": "Buongiorno, non voglio più le vostre newsletter.\n\nSent from my iPhone",
    "ru": "Здравствуйте, удалите мои данные.\n\nЖду ответа.\n\nHello, delete my data.\n\nPlease confirm. Best regards",
    "ja": "御社\n\nACME Newsletter の登録を解除してください。\n\nTaro Yamada",
}


@pytest.mark.parametrize("line", SHORT)
def test_a_line_is_enough(line: str) -> None:
    wanted, _, text = line.partition(" ")
    assert detect("", text).language == wanted
    assert detect(text, "").language == wanted


@pytest.mark.parametrize("wanted", MIXED)
def test_the_persons_own_words_tell(wanted: str) -> None:
    assert detect("GDPR", MIXED[wanted]).language == wanted


@pytest.mark.parametrize("text", ["", "12345", "ok", "?!?", "xqzwvk", "GDPR", "https://example.org/loeschen-sie-mich"])
def test_what_is_in_no_language_is_not_guessed(text: str) -> None:
    assert detect("", text).language == ""


def test_the_weights_are_small_and_read_when_they_are_needed() -> None:
    path = Path(language.__file__).with_name("languages.txt")
    assert path.stat().st_size < 300_000
    loaded = (
        "import chalicelib.domain.privacy.parsing.mail; from chalicelib.domain.privacy.parsing import language as l"
    )
    told = "import json; print(json.dumps(l._groups.cache_info().currsize))"
    found = subprocess.run(
        [sys.executable, "-c", f"{loaded}; {told}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(found.stdout) == 0
