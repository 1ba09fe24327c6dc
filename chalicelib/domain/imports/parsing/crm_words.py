"""What CRMs call the columns of their exports, in the languages that they speak; compared as column_names.normalised()."""

from chalicelib.domain.imports.parsing.column_names import normalised


def _names(text: str) -> frozenset[str]:
    return frozenset(normalised(name) for name in text.split("|"))


# Columns that address books do not have: Dynamics 365, Pipedrive, Odoo, EspoCRM, Zoho, SuiteCRM, SugarCRM, Copper, Close,
# Freshsales, Insightly, Capsule, Bitrix24, monday. What may be a CRM's is its member's alone.
WHOLE = _names(
    """stage|capsule id|copper id|insightly id|zoho id|party id|sales account|sales accounts|sales person|sales rep|owner id
    |account owner|sales owner|status label|created time|modified time|reports to|territory|company type|related company
    |party type|campaign|campaigns|customer status|lead id|parent id|subitems|creation log|available to everyone
    |responsible|responsible person|für alle verfügbar|disponible pour tous|disponible para todos|disponibile per tutti
    |доступен для всех|участвует в экспорте контактов|unterelemente|sous éléments|subelementos|sottoelementi
    |verknüpftes unternehmen|zugehöriges unternehmen|société liée|entreprise liée|empresa relacionada|compañía relacionada
    |azienda collegata|gerelateerd bedrijf|commercial|comercial|commerciale|consulente commerciale|addetto vendite|berichtet an
    |vorgesetzter kontakt|rend compte à|informa a|riporta a|rapporteert aan
    |nombre de cuenta|kontonamn|kontonavn|nazwa konta|název účtu|názov účtu|tilin nimi|hesap adı|название аккаунта
    |имя аккаунта|название контрагента|post id|postens id|oppførings id
    |elementkennung|datensatzkennung|kontaktkennung|取引先名|取引先責任者|帐户名|帐户名称|客户名称|계정 이름"""
)
# Of these, the ones that no other program writes: whoever says that such a file is no CRM's is mistaken.
SURE = _names(
    """is a company|is company|related company|salesperson|sales person|assigned user|assigned user name|assigned user id
    |contact owner|contact owner id|reports to|do not call|email opt out|copper id|lead id|status label|sales account
    |sales accounts|sales owner|insightly id|capsule id|party id|party type|zoho id|lifecycle stage|record id|recordid
    |kontaktinhaber|kontakteigentümer|kontaktbesitzer|zuständiger mitarbeiter|zuständiger mitarbeiter für kontakt
    |für kontakt zuständiger mitarbeiter|propriétaire du contact|propietario del contacto|propietario de contacto
    |proprietario del contatto|proprietario contatto|proprietario referente|proprietário do contato|proprietário do contacto
    |eigenaar van contact|eigenaar contactpersoon|eigenaar van contactpersoon|contacteigenaar|kontaktägare|właściciel kontaktu
    |vlastník kontaktu|取引先責任者 所有者|コンタクト担当者
    |ist ein unternehmen|ist eine firma|est une société|est une entreprise|es una compañía|es una empresa|è un'azienda
    |è una società|is een bedrijf|é uma empresa|jest firmą|je společnost|är ett företag|er en virksomhed|er et firma|on yritys
    |это компания|является компанией|会社である|是公司
    |nicht anrufen|ne pas appeler|ne pas téléphoner|no llamar|non chiamare|non telefonare|niet bellen|não ligar|não telefonar
    |nie dzwonić|nevolat|ring inte|ring ikke|älä soita|не звонить
    |lifecycle phase|phase du cycle de vie|étape du cycle de vie|etapa del ciclo de vida|fase del ciclo di vita
    |fase do ciclo de vida|estágio do ciclo de vida|lifecyclefase|levenscyclusfase|ライフサイクルステージ
    |item id auto generated"""
)
# Salesforce's names of the company, which stand in every report on contacts.
ACCOUNT_NAMES = _names(
    "account name|accountname|nom du compte|nombre de la cuenta|nome account|nome dell'account|accountnaam|nome da conta"
)
# Words and phrases that may stand within a longer name: owners, sales, who changed what, when they last spoke.
PHRASES = _names(
    """owner|owned by|inhaber|besitzer|accountinhaber|leadinhaber|datensatzinhaber|datensatzbesitzer
    |eigentümer|propriétaire|propietario|propietaria|proprietario|proprietária|eigenaar|accounteigenaar|recordeigenaar|ägare
    |ejer|eier|omistaja|właściciel|vlastník|tulajdonos|владелец|ответственный|ответственная|sahibi|ιδιοκτήτης|vlasnik|собственик|власник|zuständig|zuständiger
    |zuständige|verantwortlicher|verantwortliche|responsable|responsabile|responsável|ansvarlig|ansvarig|odpowiedzialny
    |odpovědná|vendeur|vendeuse|vendedor|vendedora|venditore|verkäufer|vertriebsmitarbeiter|vertriebsbeauftragter
    |salesperson|verkoper|säljare|selger|sælger|myyjä|sprzedawca|handlowiec|prodejce|obchodník|продавец
    |lead|leads|leadquelle|leadstatus|leadscore|leadbron|лид|лиды|deal|deals|сделка|сделки|pipeline|opportunity|opportunities
    |opportunité|opportunités|oportunidad|oportunidades|oportunidade|opportunità|verkaufschance|verkaufschancen
    |source du prospect|origen del posible cliente|origen del prospecto|fonte del lead
    |lifecycle|lebenszyklus|lebenszyklusphase|cycle de vie|ciclo de vida|ciclo di vita|levenscyclus
    |created by|modified by|updated by|erstellt durch|geändert durch|aktualisiert von|mis à jour par|actualizado por
    |aggiornato da|bijgewerkt door|atualizado por|erstellt von|angelegt von|geändert von|créé par|modifié par|creado por
    |modificado por|creato da|modificato da|gemaakt door|aangemaakt door|gewijzigd door|criado por|utworzone przez|utworzył
    |zmodyfikowane przez|zmodyfikował|skapad av|ändrad av|oprettet af|ændret af|opprettet av|endret av|vytvořil|změnil|upravil
    |luonut|muokannut|létrehozta|módosította|кем создан|кем изменен|создал|изменил|oluşturan|değiştiren|creat de|modificat de
    |assigned|zugewiesen|zugewiesener|zugeteilt|assigné à|assignée à|attribué à|asignado|assegnato a|toegewezen|atribuído
    |przydzielono|przypisany|przypisano|přiřazeno|přiřazený|priradené|tilldelad|tildelt|назначен|hozzárendelt|atanan
    |opted out|opt out|optout|do not call
    |last contacted|last activity|next activity|zuletzt kontaktiert|letzter kontakt|letzte aktivität|letztes aktivitätsdatum
    |nächste aktivität|dernière activité|prochaine activité|última actividad|próxima actividad|ultima attività
    |prossima attività|última atividade|próxima atividade|laatste activiteit|volgende activiteit|ostatnia aktywność
    |senaste aktivitet|seneste aktivitet|poslední aktivita|последняя активность"""
)
# The same in scripts that write no blanks.
UNSPACED = _names(
    "所有者|所有人|소유자|リードソース|リード状況|商談|商机|ライフサイクル|生命周期|作成者|更新者|创建人|创建者|修改人|修改者|수정자"
)
# What an id belongs to where it is a CRM's: `Datensatz-ID`, `ID de la fiche`, `External ID`.
RECORDS = _names(
    """record|datensatz|fiche|registro|enregistrement|rekordu|rekord|záznamu|записи|item|elemento|élément|contact|contacto
    |contatto|contato|kontakt|kontaktu|contactpersoon|kontaktperson|referente|контакта|account|conta|cuenta|compte|lead|person
    |persoon|personne|persona|pessoa|osoby|organization|organisation|organización|organização|organizzazione|crm|deal|partner
    |external|externe|externer|externo|externa|esterno|esterna|extern|externí|zewnętrzny|ulkoinen|внешний"""
)
EXTERNAL = _names(
    "external|externe|externer|externo|externa|esterno|esterna|extern|externí|zewnętrzny|ulkoinen|внешний"
)
IDS = _names("id|ids|kennung|identifiant|identificativo|identificador|identyfikator|идентификатор|azonosító|tunnus")
BESIDE_IDS = _names("de|la|le|du|del|di|do|da|der|des|d|l|of|n|15|18|zeichen|characters|auto|generated|informations")
UNSPACED_RECORDS = _names("レコード|记录|記錄|레코드|連絡先|联系人|聯絡人|연락처|外部|외부")
PERSONS = _names(
    """person|personne|persona|pessoa|persoon|osoba|henkilö|személy|kişi|persoană|контактное лицо|персона|человек|人物|人员|사람
    |deal|lead|opportunity"""
)
# Dynamics 365 writes them before its own columns, as each hidden sum tells whether a row was changed.
CHECKSUMS = _names(
    """checksum|prüfsumme|somme de contrôle|suma de comprobación|suma de control|somma di controllo|controlesom
    |soma de verificação|suma kontrolna|kontrolní součet|kontrolný súčet|kontrollsumma|kontrollsum|kontrolsum|tarkistussumma
    |ellenőrző összeg|ellenőrzőösszeg|контрольная сумма|контрольна сума|sağlama toplamı|sumă de control|άθροισμα ελέγχου
    |チェックサム|校验和|校验码|總和檢查碼|总和检验码|체크섬|검사값"""
)
# What says that a column is not to be changed: a word against it and one for changing, or one word for both.
LOCKED = _names(
    "değiştirmeyin|düzenlemeyin|neměnit|neupravovat|nekeisti|nepakeisti|nemainīt|変更|編集|修改|更改|編輯|수정|변경|تعديل|ห้ามแก้ไข"
)
