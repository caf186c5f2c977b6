"""Stop words: the words that say nothing about the class of a document.

Function words only: articles, pronouns, prepositions, conjunctions, auxiliaries. Some are missing on purpose, because they
indicate a class somewhere: "toutes" and "hors" (taxes), "dont" (TVA), "sans", "depuis" and "since" (on CVs), "chez", "shall"
(contracts), "may" (a month), "it" and "us" (a trade, a country), "car" (insurance), "or" in French (gold).
"""

import unicodedata

_FRENCH = """
le la les un une des du de au aux
je tu il elle on nous vous ils elles me te se moi toi lui leur leurs eux soi en
ce cet cette ces ça cela ceci celui celle ceux celles ci
mon ma mes ton ta tes son sa ses notre nos votre vos nôtre vôtre
qui que qu quoi quel quelle quels quelles lequel laquelle lesquels lesquelles auquel duquel où
à dans par pour sur sous avec entre vers ès lors jusque jusqu lorsque lorsqu puisque puisqu quoique quoiqu
et ou ni mais donc ainsi comme si quand alors
ne pas plus très aussi même mêmes afin selon
être suis es est sommes êtes sont étais était étions étiez étaient fus fut furent serai sera serons serez seront serait
seraient soit soient sois étant été
ai as avons avez ont avais avait avions aviez avaient eut eurent aurai aura aurons aurez auront aurait auraient
ayant aie ait aient eu
"""

_ENGLISH = """
the an this that these those
you he she we they me him her them my your his its our their yours hers ours theirs myself yourself himself herself itself
who whom whose which what where when why how
of to in on at by for with from into onto upon about as than through via per
and or but nor so if because while whether though although then
not only also too very such both each
be am is are was were been being
have has had having
do does did doing done
will would can could should
ve ll re
"""


def _with_bare(words: str) -> frozenset[str]:
    """Add each word without its accents: capitals and OCR lose them."""
    bare = "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c))
    return frozenset(words.split()) | frozenset(bare.split())


FRENCH = _with_bare(_FRENCH)
ENGLISH = _with_bare(_ENGLISH)

STOP_WORDS = {"fr": FRENCH, "en": ENGLISH, "unknown": FRENCH | ENGLISH}
"""By language; a text of unknown language loses those of both."""
