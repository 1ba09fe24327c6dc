"""How far apart words may stand that belong to one wish, and how short what leaves things unsaid has to be."""

# How far apart two things may stand that belong together, in words. People put "immediately and without undue delay" between a verb
# and what is to go, and a clause of reasons between what is to go and a verb at the end (German, Dutch); beyond that the two are of
# different wishes. The numbers were set on the letters of tests/data/privacy_letters that may be read for it.
VERB_TO_THING = 14
THING_TO_VERB = 10
VERB_TO_ME = 2  # delete, please, me; further on, "me" belongs to another verb
ME_TO_VERB = 6  # mich bitte aus Ihrem System löschen
WITHIN_A_PHRASE = 3  # from your whole database; the removal of all my data
OUT_OF = 9  # words after "remove me" that say out of what: out of the list and the database that you keep
# How long a sentence or a letter may be for what it leaves unsaid to be plain.
TEACHES = 30  # words; a longer sentence tells what the law is rather than wishes
ONE_WISH = 9  # words; a sentence of no more says its wish and nothing else
A_FEW = 4  # words; a verb and what is to go, without a word of wishing
HEADLINE = 15  # words; a letter of no more is its own headline
