"""Words that say nothing about what a document is: articles, pronouns, prepositions, conjunctions, auxiliaries.

Own short lists: public ones drop words such as "date", "amount" and "bill", by which documents are told apart.
"""

FRENCH = frozenset(
    """
    le la les un une des du de au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
    je tu il elle on nous vous ils elles me te se moi toi lui soi eux en y qui que quoi dont où lequel laquelle lesquels
    lesquelles auquel duquel desquels et ou mais or ni car donc si comme quand lorsque puisque parce ainsi aussi alors
    à dans par pour sur sous avec sans chez vers entre depuis pendant avant après selon contre jusque dès lors afin
    ne pas plus moins très trop peu tout tous toute toutes même mêmes autre autres tel telle tels telles quel quelle quels
    quelles aucun aucune chaque plusieurs être est sont était étaient été étant sera seront soit serait suis es sommes êtes
    avoir ai as avons avez ont avait avaient aura auront ait ayant eu fait faire cela ceci ça celui celle ceux celles ci là
    ici y l d qu j n s c m t
    """.split()
)
ENGLISH = frozenset(
    """
    the a an this that these those my your his her its our their mine yours hers ours theirs i you he she it we they me him
    us them who whom whose which what and or but nor so if then than as because while although though until unless of at by
    for with about against between into through during before after above below to from up down in out on off over under
    again further here there when where why how all any both each few more most other some such no not only own same too
    very can could will would shall should may might must do does did doing done be is are was were been being am have has
    had having just also per via upon within without s t
    """.split()
)
STOP_WORDS = {"fr": FRENCH, "en": ENGLISH, "unknown": FRENCH | ENGLISH}
