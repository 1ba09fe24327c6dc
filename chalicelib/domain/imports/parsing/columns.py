"""What the columns of contact files are called, in the languages that exporting programs speak.

A name is compared as column_names.normalised() makes it; the number in `E-mail 2 Address` counts for nothing.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from chalicelib.domain.imports.parsing import column_words
from chalicelib.domain.imports.parsing.column_names import normalised


class Field(StrEnum):
    """What a column may give to a row: the allow-list of an import. Everything else is dropped as it is read."""

    FIRST = "first_name"
    LAST = "last_name"
    FULL = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    URL = "profile_url"
    TITLE = "title"
    COMPANY = "company_name"
    MIDDLE = "middle_name"
    WEBSITE = "website"  # read only where it is a person's profile
    SOURCE_ID = "source_id"
    NAME = "name"  # a part of the name or all of it: the columns beside decide
    TITLE_OR_ADDRESS = "title_or_address"  # job title, or Dr. and Mrs: the columns beside decide
    PHONE_OR_COUNT = "phone_or_count"  # a phone's number, or which row it is: the columns beside decide
    # Of our own exports alone:
    COMPANY_ID = "company_id"
    NOTES = "notes"
    OPTED_OUT = "opted_out"
    DOMAIN = "domain"
    INDUSTRY = "industry"
    COUNTRY = "country"
    SIZE = "size"
    TAG = "tag"

    @property
    def holds_many(self) -> bool:
        """Whether several columns may give values to it."""
        return self in (Field.EMAIL, Field.PHONE, Field.URL, Field.WEBSITE)


# What a member's own mapping may name.
MAPPABLE = (Field.FIRST, Field.LAST, Field.FULL, Field.EMAIL, Field.PHONE, Field.URL, Field.TITLE, Field.COMPANY)
_NAMES = frozenset({Field.FIRST, Field.LAST, Field.FULL, Field.NAME})

_WORDS = {
    Field.FIRST: """first name|firstname|first|given name|givenname|forename|vorname|rufname|prenom|voornaam|roepnaam
        |fornavn|fornamn|etunimi|imie|primeiro nome|nome proprio|nombre de pila|primer nombre|nombres|prenume
        |keresztnev
        |ad|adi|krestni jmeno|krstne meno|meno|utonev|prenom usuel|имя|名|名字|όνομα|ім я|име|ime""",
    Field.MIDDLE: """middle name|middlename|additional name|weitere vornamen|zweiter vorname|deuxieme prenom
        |segundo nombre|secondo nome|middelste naam|tussenvoegsel
        |отчество|druhe jmeno|stredne meno|drugie imie|ミドル ネーム|中间名|中間名|중간 이름|segundo prenombre|mellannamn
        |toinen nimi|по батькові""",
    Field.LAST: """last name|lastname|last|family name|familyname|surname|sur name|nachname|familienname|zuname
        |nom de famille|apellidos|apellido|primer apellido|cognome|achternaam|familienaam|efternavn|etternavn|efternamn
        |sukunimi|nazwisko|sobrenome|apelido|prijmeni
        |priezvisko|soyad|soyadi|vezeteknev|csaladnev|nume de familie|фамилия|姓|姓氏|성|επώνυμο|прізвище|prezime|priimek""",
    Field.FULL: """full name|fullname|display name|contact name|nom complet|nombre completo|nome completo|volledige naam
        |weergavenaam|vollstandiger name|anzeigename|kontaktname|vor und nachname|ansprechpartner|nome e cognome
        |nombre y apellidos|nome visualizzato
        |nom a afficher|nom affiche|mostrar como|nombre para mostrar|nome de exibicao|nome a apresentar
        |wyswietlana nazwa|nazwa wyswietlana|imie i nazwisko|zobrazovane jmeno|jmeno a prijmeni|zobrazovane meno
        |meno a priezvisko|visningsnamn|visningsnavn|vist navn|nayttonimi|megjelenitett nev|megjelenitendo nev
        |teljes nev|nev|nume afisat|nume complet|отображаемое имя|фио|полное имя|gorunen ad|goruntulenen ad
        |ad soyad|adi soyadi|isim|表示名|氏名|名前|フルネーム|显示名称|姓名|全名|顯示名稱|표시 이름|성명|nombre y apellido|pantalla nombre
        |nachname vorname|name vorname|vorname nachname|vorname name|nom prenom|nom et prenom|prenom nom|apellidos nombre
        |nombre apellidos|cognome nome|nome cognome|last name first name|first name last name|ονοματεπώνυμο
        |fulde navn|fullt navn|fullstandigt namn|koko nimi|cele jmeno|cele meno|pelne imie i nazwisko|повне ім я|піб|ime i prezime""",
    Field.NAME: """name|nom|nombre|nome|naam|navn|namn|nimi
        |jmeno|nume|nazwa|이름""",
    Field.EMAIL: """email|email address|email value|mail|mail address|email addresses|primary email|secondary email
        |work email|business email|home email|personal email|other email|email work|email home
        |additional email addresses|alternate email|email adresse|mailadresse|mail adresse|adresse email|adresse mail
        |courriel|adresse de messagerie|adresse electronique|correo|correo electronico|direccion de correo electronico
        |direccion del correo electronico|direccion de correo|direccion de email|posta elettronica
        |indirizzo posta elettronica|indirizzo di posta elettronica|indirizzo email|email primaria|email secondaria
        |emailadres|mailadres|epost|epostadress|epostadresse|sahkoposti|sahkopostiosoite|adres email
        |endereco de email
        |primary email address|secondary email address|email primary|email secondary|primare email adresse
        |sekundare email adresse|weitere email adresse|premiere adresse electronique
        |adresse electronique secondaire|adresse electronique principale|autre adresse electronique
        |adresse de courriel|adresse de courrier electronique|direccion de correo principal
        |direccion de correo secundaria|correo electronico principal|correo electronico secundario
        |correo electronico alternativo|correo principal|correo secundario|indirizzo email primario
        |indirizzo email secondario|altra email|primair emailadres|secundair emailadres|tweede emailadres
        |email principal|email primario|email secundario|email alternativo|endereco de correio eletronico
        |correio eletronico|correio electronico|podstawowy adres email|drugi adres email|dodatkowy adres email
        |adres poczty elektronicznej|adresa elektronicke posty|primarni email|primarni emailova adresa
        |sekundarni email|hlavni email|dalsi email|emailova adresa|primarny email|sekundarny email
        |dalsi emailova adresa|emailova adresa 2|primar epostadress|sekundar epostadress|alternativ epostadress
        |primaer epostadresse|sekundaer epostadresse|ensisijainen sahkoposti|ensisijainen sahkopostiosoite
        |toissijainen sahkoposti|toissijainen sahkopostiosoite|elsodleges email|elsodleges emailcim
        |masodlagos email|masodlagos emailcim|email cim|emailcim|email primar|email secundar|adresa de email
        |adresa email|электронная почта|эл почта|почта|адрес электронной почты|адрес эл почты
        |основной адрес эл почты|основной адрес электронной почты|дополнительный адрес эл почты
        |дополнительный адрес электронной почты|eposta|eposta adresi|birincil eposta|ikincil eposta
        |birincil eposta adresi|ikincil eposta adresi|メールアドレス|メール アドレス|メール|電子メール|電子メール アドレス|メインのメールアドレス
        |追加のメールアドレス|電子メールアドレス|电子邮件地址|电子邮件|邮箱|邮箱地址|首选电子邮件|主要电子邮件|其他电子邮件|次要电子邮件|電子郵件地址|電子郵件|主要電子郵件|其他電子郵件|次要電子郵件
        |信箱|전자 메일 주소|전자 메일|이메일|이메일 주소|기본 이메일|보조 이메일|기본 전자 메일|보조 전자 메일|διεύθυνση email|eメール""",
    Field.PHONE: """phone|phone number|phone value|telephone|telephone number|tel|mobile|mobile phone|mobile number
        |mobile phone number|cell|cell phone|cellphone|work phone|business phone|office phone|home phone|direct phone
        |direct line|primary phone|other phone|car phone|company main phone|telefon|telefonnummer|telefon geschaftlich
        |telefon privat|telefon firma|mobil|mobiltelefon|mobiltelefonnummer|mobilnummer|handy|handynummer
        |weiteres telefon|haupttelefon|autotelefon|telephone bureau|telephone domicile|telephone mobile
        |telephone portable|portable|telephone autre|telephone principal|telephone voiture|telephone societe
        |telephone professionnel|telephone personnel|tel mobile|tel portable|tel bureau|numero de telephone|telefono
        |telefono del trabajo|telefono movil|movil|celular|telefono particular|otro telefono|telefono principal
        |numero de telefono|numero de movil|telefono principale|altro telefono|cellulare|telefono cellulare
        |telefono ufficio|telefono abitazione|telefono lavoro|telefono casa|numero di telefono|numero cellulare
        |telefoon|telefoonnummer|telefoon op werk|telefoon werk|telefoon thuis|mobiele telefoon|mobiel|andere telefoon
        |hoofdtelefoon|hoofdtelefoon bedrijf|telefone|telemovel|puhelin|matkapuhelin
        |rufnummer|rufnummer privat|rufnummer arbeit|rufnummer mobil|rufnummer geschaftlich|tel dienstlich
        |tel privat|tel geschaftlich|tel arbeit|mobil tel nr|mobil nr|mobilfunk|mobilfunknummer
        |telefon dienstlich|telefon arbeit|dienstlich telefon|tel professionnel|tel personnel|tel domicile
        |tel trabajo|tel casa|tel particular|telefono trabajo|telefono casa|telefono oficina|numero movil
        |tel lavoro|tel ufficio|tel abitazione|numero di cellulare|werktelefoon|telefoon prive|thuistelefoon
        |mobiel nummer|mobiele nummer|gsm|telefone do trabalho|telefone comercial|telefone profissional
        |telefone de casa|telefone residencial|celular comercial|telefone celular|telefone movel
        |telefon sluzbowy|telefon w pracy|telefon domowy|telefon komorkowy|komorka|numer telefonu
        |telefon do prace|telefon prace|telefon zamestnani|telefon domu|telefon domov|mobilni telefon
        |mobilny telefon|telefon praca|sluzobny telefon|arbetstelefon|telefon arbete|hemtelefon|telefon hem
        |telefon bostad|arbejdstelefon|hjemmetelefon|arbeidstelefon|tyopuhelin|kotipuhelin|puhelinnumero
        |munkahelyi telefon|otthoni telefon|telefonszam|mobilszam|telefon serviciu|telefon birou|telefon acasa
        |telefon domiciliu|telefon mobil|numar de telefon|телефон|рабочий телефон|телефон рабочий
        |домашний телефон|телефон домашний|мобильный телефон|мобильный|сотовый телефон|номер телефона
        |is telefonu|ev telefonu|cep telefonu|cep|telefon numarasi|電話番号|電話|会社電話|会社の電話|会社電話番号|勤務先電話番号|勤務先電話|自宅電話
        |自宅の電話|自宅電話番号|携帯電話|携帯|携帯電話番号|电话|电话号码|商务电话|单位电话|办公电话|工作电话|住宅电话|家庭电话|移动电话|手机|手机号|手机号码|電話號碼|商務電話|公司電話|辦公電話
        |工作電話|住家電話|住宅電話|行動電話|手機|手機號碼|전화|전화번호|전화 번호|근무처 전화|회사 전화|직장 전화|집 전화|자택 전화|휴대폰|휴대 전화|휴대전화|핸드폰|direct dial|durchwahl|τηλέφωνο
        |κινητό|κινητό τηλέφωνο|τηλέφωνο εργασίας""",
    Field.URL: """linkedin|linkedin url|linkedin profile|linkedin profile url|linkedin profil|person linkedin url
        |profile url|profil url|xing|xing url|xing profil|xing profile|twitter|twitter url|bluesky|social profile
        |linkedin profileurl|linkedin public profile|default profile url|public profile url|linkedin link
        |profile link|profile""",
    Field.WEBSITE: """url|website|web site|website value|website url|web page|personal web page|webseite|homepage
        |page web|site web|pagina web|webpagina|sitio web|sito web
        |web page 1|strona www|strona internetowa|webova stranka|www stranka|webbsida|webbplats|kotisivu
        |weboldal|pagina de web|веб сайт|сайт|web sayfasi|ウェブサイト|网站|网页|網站|網頁|웹 사이트|웹사이트""",
    Field.TITLE: """job title|jobtitle|position|job position|organization title|funktion|berufsbezeichnung
        |stellenbezeichnung|jobtitel|fonction|poste|intitule du poste|puesto|puesto de trabajo|cargo|posizione
        |qualifica|mansione|functie|functietitel|stilling|befattning
        |arbeitstitel|position im unternehmen|intitule|intitule de poste|qualifica professionale|profissao
        |stanowisko|stanowisko pracy|pracovni zarazeni|pracovni pozice|funkce|pracovne zaradenie
        |pracovna pozicia|funkcia|jobbtitel|yrkestitel|jobtitel|ammatti|ammattinimike|tyonimike|tehtavanimike
        |tehtava|beosztas|munkakor|functie in companie|functia|pozitie|должность|unvan|is unvani|gorev|pozisyon
        |役職|職種|肩書き|职务|职位|职称|職稱|職務|職位|직함|직위|직책|직급|θέση|τίτλος εργασίας
        |τίτλος θέσης|посада|длъжност|radno mjesto|delovno mesto""",
    Field.TITLE_OR_ADDRESS: "title|titel|titre|titulo|titolo",
    Field.PHONE_OR_COUNT: "number|numbers|nummer|numero|numer|numara|номер|szam|broj|cislo|αριθμος|番号|号码|번호",
    Field.COMPANY: """company|company name|organization|organisation|organization name|organisation name|account name
        |employer|associated company|primary associated company|firma|firmenname|unternehmen|arbeitgeber|societe
        |entreprise|nom de l entreprise|nom de la societe|compania|empresa|nombre de la empresa|organizacion|societa
        |azienda|ditta|nome azienda|organizzazione|bedrijf|bedrijfsnaam|organisatie|werkgever|virksomhed|foretag
        |yritys
        |organizacja|nazwa firmy|przedsiebiorstwo|spolecnost|organizace|nazev firmy|nazev spolecnosti|spolocnost
        |organizacia|nazov firmy|foretagsnamn|firma firma|organisaatio|yrityksen nimi|szervezet|ceg|cegnev
        |vallalat|organizatie|companie|nume companie|организация|компания|фирма|название компании|место работы
        |sirket|sirket adi|kurulus|organizasyon|firma adi|会社|nom du compte|nombre de la cuenta|nome account
        |accountnaam|nome da conta|取引先名|会社名|組織|勤務先|勤務先名|単位|单位|公司|公司名称|组织|组织名称|公司名稱|機構|회사
        |회사명|조직|회사 이름|organizacao|organizacion nombre|nome da empresa|org|account|εταιρεία|org name|company company
        |company display name|organization display name|company legal name|legal company name|company full name|employer name
        |business name|компанія|організація|фірма|tvrtka|podjetje""",
}  # fmt: skip


_KNOWN = {normalised(word): field for field, words in _WORDS.items() for word in words.split("|")}
_JOINED = {name.replace(" ", ""): field for name, field in _KNOWN.items() if " " in name}  # EMAILADDRESS


def known(header: str) -> Field | None:
    """Return the field of a column with that normalised name; None for an unknown one."""
    field = _listed(header) or _by_words(header)
    if field is None and any(c.isdigit() for c in header):
        counted = " ".join(word for word in header.split() if not word.isdigit())
        field = _listed(counted) or _by_words(counted)
        return None if field in _NAMES else field
    return field


def _listed(header: str) -> Field | None:
    return _KNOWN.get(header) or (_JOINED.get(header) if " " not in header else None)


def _by_words(header: str) -> Field | None:
    parts = header.split()
    if column_words.is_phone(parts):
        return Field.PHONE
    if column_words.is_mail(parts):
        return Field.EMAIL
    rest = column_words.without_whose(header)
    return (_listed(rest) or _by_words(rest)) if rest else None


def settled(fields: Sequence[Field | None]) -> list[Field | None]:
    """Return the fields, with those decided that depend on the other columns."""
    return _numbers(_titles(_name_parts(fields)))


def _numbers(fields: Sequence[Field | None]) -> list[Field | None]:
    """A number beside nothing but a name is what the person is called by; beside what identifies people it may count them."""
    reached = {Field.PHONE, Field.EMAIL, Field.URL}.isdisjoint(fields) and not _NAMES.isdisjoint(fields)
    number = Field.PHONE if reached else None
    return [number if field is Field.PHONE_OR_COUNT else field for field in fields]


def _name_parts(fields: Sequence[Field | None]) -> list[Field | None]:
    first, last = Field.FIRST in fields, Field.LAST in fields
    part = Field.LAST if first and not last else Field.FIRST if last and not first else Field.FULL
    return [part if field is Field.NAME else field for field in fields]


def _titles(fields: Sequence[Field | None]) -> list[Field | None]:
    unsure = [i for i, field in enumerate(fields) if field is Field.TITLE_OR_ADDRESS]
    # French Outlook has two columns `Titre`, the job title behind the form of address.
    chosen = None if Field.TITLE in fields or not unsure else unsure[-1]
    return [
        Field.TITLE if i == chosen else None if field is Field.TITLE_OR_ADDRESS else field
        for i, field in enumerate(fields)
    ]


def can_identify(fields: Iterable[Field | None]) -> bool:
    """Return whether rows with these columns can identify people.

    An address, a profile, or a first and last name is enough; any other name needs something beside it.
    """
    have = set(fields)
    named = bool(have & {Field.FIRST, Field.LAST, Field.FULL})
    beside = bool(have & {Field.PHONE, Field.COMPANY, Field.TITLE, Field.WEBSITE})
    return bool(have & {Field.EMAIL, Field.URL}) or {Field.FIRST, Field.LAST} <= have or (named and beside)
