"""Names of columns that nobody listed, told by their words: `Tel. fixe`, `Work number`, `contact.email`.

Every word must be one of ours, so that a fax, an assistant's phone or a type of address is none.
"""

from collections.abc import Sequence

from chalicelib.domain.imports.parsing.column_names import normalised


def _words(text: str) -> frozenset[str]:
    return frozenset(normalised(word) for word in text.split())


_PHONES = _words(
    "phone telephone tel telefon telefono telefone telefoon telefonnummer telefoonnummer rufnummer phonenumber mobil mobile "
    "mobiltelefon mobilnummer mobiel handy handynummer cell cellphone celular cellulare movil telemovel komorkowy komorka "
    "portable gsm festnetz festnetznummer landline puhelin matkapuhelin telefonszam телефон 電話 固定電話 携帯電話 勤務先電話 "
    "自宅電話 电话 座机 固定电话 手机 電話號碼 전화 휴대폰 telefonu τηλεφωνο κινητο "
    "telefonski mobitel"
)
_MAILS = _words(
    "email emails mail courriel correo correio electronico eletronico epost eposta sahkoposti почта 메일 이메일 邮箱 电子邮件 "
    "emailadresse emailadres emailadress emailadresa emailcim mailadresse mailadres epostadress epostadresse epostadresser "
    "sahkopostiosoite пошта пошти почты электронная электронной електронна електронної имейл імейл eposte epostni"
)
_NUMBERS = _words("number numbers nummer numero numer nr no номер numara numarasi szam")
_WHERE = _words(
    "home work office business private privat privata privato privee prive personal personnel personale personlig mobile "
    "mobil mobiel dienstlich geschaftlich beruflich arbeit buro bureau travail domicile maison trabajo oficina casa particular "
    "lavoro ufficio abitazione werk thuis trabalho praca pracy sluzbowy domowy domu prace domov dom arbete hem arbejde arbeid "
    "hjem tyo koti munkahelyi otthoni birou serviciu acasa рабочий домашний мобильный is ev cep fixe fixed fijo fisso fixo vast "
    "vaste stacjonarny pevna pevny fast direct direkt landline "
    "hivatali vallalati ceges sluzebni sluzobny firemni firemny робочий домашній мобільний службовий служебен мобилен домашен "
    "poslovni kucni mobilni sluzbeni domaci εργασιας κινητο"
)
# Where a number without a word for a phone is one all the same: not a house's, a company's or a person's own.
_REACHED = _words(
    "home work office mobile mobil mobiel cell landline vast vaste fijo fixe fisso fixo fixed direct direkt werk arbeit bureau "
    "trabajo lavoro ufficio oficina privat"
)
_BESIDE = _words(
    "main primary secondary other first second haupt weitere autre principal principale secondaire altro otro outro andere "
    "de la le du del di do da w na address adresse adres direccion indirizzo endereco company firma societe entreprise "
    "empresa azienda bedrijf the my "
    "primar primaer primair primario primaria primarni primarny sekundar sekundaer secundar secundair secundario secundaria "
    "secondario secondaria sekundarni sekundarny ensisijainen toissijainen elsodleges masodlagos podstawowy dodatkowy drugi "
    "hlavni hlavny vedlejsi dalsi alternate alternative alternativ alternativo alternativa additional zusatzliche weitere zweite "
    "tweede birincil ikincil diger glavni основной основная дополнительный дополнительная другой другая основний додатковий "
    "adres adresa adresi adress osoite cim cime naslov адрес адреса διευθυνση"
)
# What programs write before the name of a column, and means whose it is.
_WHOSE = _words(
    "contact contacts person kontakt contacto contatto contato current linkedin personne persona pessoa persoon osoba henkilo "
    "szemely kisi persoana contactpersoon kontaktperson 人物 人员 사람"
)
_WHOSE_IN_TWO = tuple(
    map(normalised, ("контактное лицо", "contact person", "persona de contacto", "pessoa de contato"))
)


def without_whose(header: str) -> str:
    """Return the normalised name without its first words where they only say whose the value is; empty for any other."""
    for whose in _WHOSE_IN_TWO:
        if header.startswith(f"{whose} "):
            return header[len(whose) + 1 :]
    first, _, rest = header.partition(" ")
    return rest if first in _WHOSE else ""


def is_phone(parts: Sequence[str]) -> bool:
    """Return whether these words of a column's name say that it holds phone numbers."""
    if any(word in _PHONES for word in parts):
        return _all_ours(parts, _PHONES)
    counts, places = ([word for word in parts if word in those] for those in (_NUMBERS, _REACHED))
    return bool(counts) and bool(places) and len(counts) + len(places) == len(parts)


def is_mail(parts: Sequence[str]) -> bool:
    """Return whether these words of a column's name say that it holds e-mail addresses."""
    return any(word in _MAILS for word in parts) and _all_ours(parts, _MAILS)


def _all_ours(parts: Sequence[str], nouns: frozenset[str]) -> bool:
    return all(word in nouns or word in _WHERE or word in _BESIDE or word in _NUMBERS for word in parts)
