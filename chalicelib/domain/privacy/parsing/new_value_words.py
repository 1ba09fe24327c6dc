"""The words after which a letter says what is right about its writer, by language and field. `at`: what stands between a title and a
company. Patterns of regular expressions, cases apart."""

import re
from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]
WORDS: Mapping[str, Words] = {
    "en": {
        "name": (r"my (?:new |full |correct )?name is(?: now)?",),
        "last_name": (r"(?:my (?:new )?|the correct )(?:sur|last |family )name is(?: now)?",),
        "title": (
            r"my (?:new |current |correct )?(?:job )?(?:title|position|role) is(?: now)?",
            r"I(?:'m| am) now(?: an?| the)?",
        ),
        "company": (r"my (?:new |current )?(?:employer|company) is(?: now)?", r"I (?:now )?work (?:now )?(?:at|for)"),
        "at": ("at", "with"),
    },
    "de": {
        "name": (r"mein (?:neuer |richtiger )?Name (?:ist|lautet)(?: jetzt| nun)?", r"ich hei(?:ß|ss)e (?:jetzt|nun)"),
        "last_name": (r"mein (?:neuer |richtiger )?(?:Nach|Familien)name (?:ist|lautet)(?: jetzt| nun)?",),
        "title": (
            r"meine (?:neue |aktuelle |richtige )?(?:Position|Funktion|Stelle|Berufsbezeichnung) (?:ist|lautet)(?: jetzt| nun)?",
            r"ich bin (?:jetzt|nun|inzwischen|mittlerweile)",
        ),
        "company": (
            r"mein (?:neuer )?Arbeitgeber (?:ist|heißt)(?: jetzt| nun)?",
            r"ich arbeite (?:jetzt|nun|inzwischen) (?:bei|für)",
        ),
        "at": ("bei der", "bei dem", "bei", "beim"),
    },
    "fr": {
        "name": (r"mon nom est(?: désormais| maintenant)?", r"je m['’]appelle(?: désormais| maintenant)"),
        "last_name": (r"mon (?:nouveau )?nom de famille est(?: désormais| maintenant)?", r"mon nouveau nom est"),
        "title": (
            r"mon (?:nouveau )?(?:poste|titre) est(?: désormais| maintenant)?",
            r"ma (?:nouvelle )?fonction est(?: désormais| maintenant)?",
            r"je suis (?:désormais|maintenant)",
        ),
        "company": (
            r"mon (?:nouvel )?employeur est(?: désormais| maintenant)?",
            r"je travaille (?:désormais|maintenant) (?:chez|pour)",
        ),
        "at": ("chez", "au sein de"),
    },
    "es": {
        "name": (r"mi nombre(?: correcto)? es(?: ahora)?", r"ahora me llamo"),
        "last_name": (r"mi (?:nuevo )?apellido(?: correcto)? es(?: ahora)?",),
        "title": (r"mi (?:nuevo )?(?:cargo|puesto) es(?: ahora)?", r"ahora soy"),
        "company": (r"mi (?:nueva )?empresa es(?: ahora)?", r"ahora trabajo (?:en|para)"),
        "at": ("en",),
    },
    "it": {
        "name": (r"il mio nome(?: corretto)? è(?: ora)?", r"(?:ora|adesso) mi chiamo"),
        "last_name": (r"il mio (?:nuovo )?cognome(?: corretto)? è(?: ora)?",),
        "title": (
            r"la mia (?:nuova )?(?:qualifica|posizione|funzione) è(?: ora)?",
            r"il mio (?:nuovo )?ruolo è(?: ora)?",
            r"(?:ora|adesso) sono",
        ),
        "company": (r"il mio (?:nuovo )?datore di lavoro è(?: ora)?", r"(?:ora|adesso) lavoro (?:per|presso|in)"),
        "at": ("presso", "in"),
    },
    "nl": {
        "name": (r"mijn (?:nieuwe |juiste )?naam is(?: nu)?", r"ik heet nu"),
        "last_name": (r"mijn (?:nieuwe |juiste )?achternaam is(?: nu)?",),
        "title": (r"mijn (?:nieuwe |juiste )?functie is(?: nu)?", r"ik ben (?:nu|inmiddels)"),
        "company": (r"mijn (?:nieuwe )?werkgever is(?: nu)?", r"ik werk (?:nu|inmiddels) (?:bij|voor)"),
        "at": ("bij",),
    },
    "pt": {
        "name": (r"meu nome(?: correto)? é(?: agora)?", r"agora chamo-me"),
        "last_name": (r"meu (?:novo )?(?:apelido|sobrenome)(?: correto)? é(?: agora)?",),
        "title": (r"meu (?:novo )?cargo é(?: agora)?", r"(?:agora sou|sou agora)"),
        "company": (r"minha (?:nova )?empresa é(?: agora)?", r"agora trabalho (?:na|no|em|para)"),
        "at": ("na", "no", "em"),
    },
    "pl": {
        "name": (r"nazywam się(?: teraz| obecnie)?",),
        "last_name": (r"moje (?:nowe |poprawne )?nazwisko (?:to|brzmi)(?: teraz| obecnie)?",),
        "title": (r"moje (?:nowe |obecne )?stanowisko to", r"jestem (?:teraz|obecnie)"),
        "company": (r"mój (?:nowy |obecny )?pracodawca to", r"pracuję (?:teraz|obecnie) (?:w|dla)"),
        "at": ("w", "we"),
    },
    "sv": {
        "name": (r"mitt (?:nya |rätta )?namn är(?: nu)?", r"jag heter (?:nu|numera)"),
        "last_name": (r"mitt (?:nya |rätta )?efternamn är(?: nu)?",),
        "title": (r"min (?:nya |rätta )?(?:titel|befattning) är(?: nu)?", r"jag är (?:nu|numera)"),
        "company": (r"min (?:nya )?arbetsgivare är(?: nu)?", r"jag arbetar (?:nu|numera) (?:på|hos|för)"),
        "at": ("på", "hos"),
    },
    "da": {
        "name": (r"mit (?:nye |rigtige )?navn er(?: nu)?", r"jeg hedder nu"),
        "last_name": (r"mit (?:nye |rigtige )?efternavn er(?: nu)?",),
        "title": (r"min (?:nye |rigtige )?(?:stilling|titel) er(?: nu)?", r"jeg er nu"),
        "company": (r"min (?:nye )?arbejdsgiver er(?: nu)?", r"jeg arbejder nu (?:hos|på|for)"),
        "at": ("hos", "på"),
    },
    "cs": {
        "name": (r"jmenuji se(?: nyní| teď)?",),
        "last_name": (r"moje (?:nové |správné )?příjmení je(?: nyní| teď)?",),
        "title": (r"moje (?:nová |správná )?(?:pozice|funkce) je(?: nyní| teď)?", r"jsem (?:nyní|teď)"),
        "company": (r"můj (?:nový )?zaměstnavatel je(?: nyní| teď)?", r"pracuji (?:nyní|teď) (?:v|ve|pro)"),
        "at": ("v", "ve"),
    },
    "ro": {
        "name": (r"numele meu(?: corect)? este(?: acum)?", r"acum mă numesc"),
        "last_name": (r"numele meu(?: nou)? de familie este(?: acum)?",),
        "title": (r"funcția mea(?: nouă)? este(?: acum)?", r"(?:acum sunt|sunt acum)"),
        "company": (r"angajatorul meu(?: nou)? este(?: acum)?", r"acum lucrez la"),
        "at": ("la",),
    },
    "el": {
        "name": (r"το (?:νέο |σωστό )?όνομά μου είναι(?: πλέον| τώρα)?", r"ονομάζομαι (?:πλέον|τώρα)"),
        "last_name": (r"το (?:νέο |σωστό )?επώνυμό μου είναι(?: πλέον| τώρα)?",),
        "title": (r"η (?:νέα |σωστή )?θέση μου είναι(?: πλέον| τώρα)?", r"είμαι (?:πλέον|τώρα)"),
        "company": (
            r"ο (?:νέος )?εργοδότης μου είναι(?: πλέον| τώρα)?",
            r"εργάζομαι (?:πλέον|τώρα) (?:στην|στη|στον|στο)",
        ),
        "at": ("στην", "στη", "στον", "στο"),
    },
    "hr": {
        "name": (r"sada se zovem", r"moje (?:novo |točno )?ime je(?: sada)?"),
        "last_name": (r"moje (?:novo |točno )?prezime je(?: sada)?",),
        "title": (r"moja (?:nova |točna )?funkcija je(?: sada)?", r"(?:sada|sad) sam"),
        "company": (r"moj (?:novi )?poslodavac je(?: sada)?", r"(?:sada|sad) radim (?:u|za|kod)"),
        "at": ("u", "kod"),
    },
}
# What stands before a number or an address that is to be there instead of another, whatever the language.
NEW = re.compile(
    r"=>|->|→|\b(?:new|now|correct|right|should be|neu\w*|jetzt|nun|richtig\w*|lautet|nouv\w+|désormais|maintenant|nuev[oa]|ahora"
    r"|nuov\w+|ora|adesso|corrett\w+|nieuw\w*|nu|juist\w*|nov[oaáéý]|agora|correto|teraz|obecnie|powinno|now[yae]|nya?|nye|numera"
    r"|rätt\w*|rigtig\w*|nyní|teď|správn\w+|nou[aă]?|acum|corect\w*|νέ[οα]ς?|πλέον|τώρα|σωστ\w+|sada|točn\w+)\b",
    re.IGNORECASE,
)
# And what stands before one that is to go.
OLD = re.compile(
    r"\b(?:old|wrong|former|previous|alt\w{0,2}|falsch\w*|bisher\w*|ancien\w*|faux|fausse|viej[oa]|antigu[oa]|vecchi[oa]|sbagliat\w+"
    r"|oude?|verkeerd\w*|velh[oa]|antig[oa]|errad[oa]|star[yáéaeio]|błędn\w+|gaml?a|gamle|fel|forkert\w*|chybn\w+|vechi\w*|greșit\w*"
    r"|παλι\w+|λάθος|stari|krivi|pogreš\w+)\b",
    re.IGNORECASE,
)
# What no title begins with, though it may follow "I am now" or "my title is": that one is wrong or over, and how and where
# somebody lives.
NO_TITLE = re.compile(
    r"(?:no|not|never|incorrect|inaccurate|false|out|outdated|missing|mis\w+|different|married|divorced|widow\w*|single|retired|living"
    r"|resident|based|working|employed|asking|writing|using|reachable|available|unable|able|mrs?|ms|miss|in|at|with|for"
    r"|nicht|kein\w*|veraltet\w*|unrichtig\w*|verheiratet\w*|geschieden\w*|verwitwet\w*|ledig|wohnhaft|erreichbar|tätig|beschäftigt"
    r"|angestellt|frau|herr|bei|als"
    r"|pas|plus|erroné\w*|obsolète|périmé\w*|mal|mariée?|divorcée?|veuve?|veuf|retraitée?|joignable|domiciliée?|employée?|salariée?"
    r"|madame|mme|monsieur"
    r"|ya|falso|erróne\w+|equivocad\w+|obsolet\w+|casad\w+|divorciad\w+|viud\w+|jubilad\w+|residente|emplead\w+|señora?"
    r"|non|errat\w+|scorrett\w+|sposat\w+|coniugat\w+|divorziat\w+|vedov\w+|pensionat\w+|raggiungibile|signora"
    r"|niet|geen|fout\w*|onjuist\w*|verouderd\w*|getrouwd|gehuwd|gescheiden|woonachtig|werkzaam|bereikbaar|mevrouw"
    r"|não|incorret\w+|desatualizad\w+|viúv\w+|aposentad\w+|senhora"
    r"|nie|nieaktualn\w+|mężatką|żonat\w*|zamężn\w*|rozwiedzion\w*|zatrudnion\w*|panią"
    r"|inte|ej|felaktig\w*|inaktuell\w*|gift|skild|bosatt|anställd"
    r"|ikke|forældet\w*|skilt|bosat|ansat"
    r"|špatn\w+|nesprávn\w+|zastaral\w+|vdan\w+|ženat\w*|rozveden\w+|zaměstnan\w+"
    r"|nu|incorect\w*|depășit\w*|căsătorit\w*|divorțat\w*|angajat\w*"
    r"|δεν|λανθασμέν\w+|παντρεμέν\w+|διαζευγμέν\w+"
    r"|nije|netočn\w+|zastarjel\w+|udan\w*|oženjen\w*|razveden\w*|zaposlen\w*)\b",
    re.IGNORECASE,
)
