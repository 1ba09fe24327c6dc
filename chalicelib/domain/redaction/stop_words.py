"""Words that may have a capital beside a name and are no part of it: English, French, German; titles in more languages.

They decide whether "Call Kowalska" is a sentence about Kowalska (cut) or "Piotr Kowalska" another person (kept). Folded:
no accents, lower case. A word that is missing here errs on the side of keeping the other person.
"""

_TITLES = (
    "mr mrs ms miss mx dr prof professor sir madam lord lady mister "
    "m mm mme mlle mmes monsieur madame mademoiselle me maitre docteur professeur pr "
    "herr herrn frau fr hr hrn dipl ing doktor mag "
    "senor senora senorita sra srta signor signora signorina dott dottore dottoressa avv doutor doutora senhor senhora "
    "mevr mevrouw meneer dhr pani panem panu pana panom bayan bey hanim sayin herra rouva "
    "господин господина господину госпожа госпожи госпоже госпожу доктор"
)

_FUNCTION = (
    "the a an and or but if then so as at by for from in into of off on onto out over to up with without about after "
    "again also all any are be because been before both can could did do does done each ever every few had has have he "
    "her here hers him his how i is it its just let me more most my neither never next no nor not now once only other "
    "our ours per perhaps please she should since some soon still than that their them there these they this those "
    "though through today tomorrow tonight until via was we were what when where whether which while who whom whose why "
    "will would yes yesterday yet you your yours ps nb re fwd fyi asap ok okay cc attn todo via "
    "le la les l un une des du de d et ou mais si donc or ni car a au aux avec chez contre dans depuis derriere des "
    "devant durant en entre envers hors jusque malgre par parmi pendant pour sans sauf selon sous sur vers ce cet cette "
    "ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je tu il elle on nous vous ils elles y qui que "
    "quoi dont quand comment pourquoi combien aujourd hui demain hier puis ensuite apres avant aussi encore deja jamais "
    "toujours tres bien mal oui non ne pas plus peut etre est sont etait ont avait sera voici voila cher chere bonjour "
    "der die das den dem des ein eine einen einem einer eines und oder aber wenn dann denn doch so als an am auf aus bei "
    "beim bis durch fur gegen hinter im in ins mit nach neben ohne seit statt trotz uber um unter von vom vor wahrend "
    "wegen zu zum zur zwischen ich du er sie es wir ihr mich dich ihn uns euch mein dein sein unser euer nicht kein keine "
    "ja nein auch noch schon nur sehr bald heute morgen gestern jetzt wer was wann wo wie warum welche welcher dieser "
    "diese dieses jener ist sind war waren hat haben hatte wird werden wurde kann soll muss bitte danke liebe lieber "
    "geehrte geehrter laut siehe hallo guten tag"
)
_OPENERS = (
    "add added agreed answer answered arrange ask asked await awaiting book booked bring brought call called calls check "
    "colleague colleagues confirm confirmed contact contacted contacts copy dear decided discuss discussed drop email "
    "emailed expect find follow forward forwarded friend get give given gave good got greet hello hi inform informed "
    "introduce introduced intro invite invited invoice keep knows later left lunch mail mailed manager meet meeting "
    "meets mention mentioned message met move need needs new note notes offer old owner phone phoned ping plan "
    "postpone present quote reach reached recommend recommended referred remind remember reply replied report "
    "reports request said says saw schedule scheduled see seen send sent share show showed speak spoke talk talked tell "
    "thank thanks told try update visit visited wait waiting warn write wrote works assistant boss director head "
    "appel appeler appelle appelez appele appeles rappel rappeler rappelle rappelez rappele attendre attend attente "
    "contacter contacte contactez croise croiser demander demande demandez diner dejeuner dejeune devis dire dit "
    "discute discussion ecrire ecrit ecrivez envoyer envoi envoye envoyez informer informe inviter invite joindre "
    "mail montrer parler parle presente presenter prevenir prevu proposer propose rdv rencontre rencontrer relance "
    "relancer relancez remercier reunion revoir revu salut salutations selon suivre suivi transmettre transmis voir vu "
    "vue client cliente clients collegue collegues assistante directeur directrice responsable societe chef "
    "anruf anrufen angerufen angebot ansprechpartner ansprechpartnerin assistentin besprechen besprechung bestellung "
    "brief chefin einladen einladung empfehlung erinnern fragen gefragt gesprach gesprochen getroffen geschaftsfuhrer "
    "geschaftsfuhrerin gruss grusse informieren info kollege kollegin kollegen kontakt kontaktieren kunde kundin kunden "
    "leiter leiterin lieferung mailen messe muster nachricht notiz projekt rechnung ruckruf rucksprache rufen schicken "
    "schreiben senden sprechen telefon telefonat telefonieren termin treffen vertrag vertreter vertreterin vorgestellt "
    "vorstellen warten zusage absage mitarbeiter mitarbeiterin"
)
_TIMES = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec "
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre "
    "octobre novembre decembre montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar marz "
    "juni juli oktober dezember"
)
_BUSINESS = (
    "ceo cto cfo coo cio cmo vp hr it rh pdg dg drh daf dsi rdv crm po pr qa id url linkedin xing facebook twitter "
    "email mail tel telephone phone mobile mobil handy fax whatsapp skype teams zoom gmail outlook nr no"
)
_PARTICLES = "von van vom zu zum zur de der den del della delle di da do dos du des la le el al ter ten af av"

TITLES = frozenset(_TITLES.split())
# Words that stand beside a name without belonging to it. They are not cut alone even where they are the erased
# person's name: "May" and "Will" mean too much else.
NOT_NAMES = frozenset(f"{_FUNCTION} {_OPENERS} {_TIMES} {_BUSINESS}".split())
# Before a last name, which is also known without them.
PARTICLES = frozenset(_PARTICLES.split())
