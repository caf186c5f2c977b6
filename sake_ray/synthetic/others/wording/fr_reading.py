"""What else do French texts that are read, looked at or kept say?"""

TEXT = """
[newspaper]
title {{city}|la commune|le maire|le club|la région} {veut|refuse|attend|célèbre|inaugure} {O}
title {intempéries|grève|incendie|succès populaire|élections|canicule} : {S} {V} {O}
field {city}, le {date} =
field Par = {person}
head {en bref|faits divers|sport|la météo|culture|tribune|le chiffre|réactions|une longue attente|courrier des lecteurs}
line « {S} {V} {O} », {affirme|regrette|assure|s'indigne} {person}, {20-90} ans, {retraitée|commerçant|institutrice|bénévole} à {city}.
line les gendarmes ont ouvert une enquête après {un cambriolage|un accident|un incendie} rue {last}.
line {city} s'est imposée {1-5} à {0-4} devant {200-60000} spectateurs. coup d'envoi à {hour}.
[science]
title {étude|analyse|modélisation|estimation|contribution à l'étude} de {O}
head {résumé|introduction|état de l'art|matériels et méthodes|résultats|discussion|conclusion|bibliographie|remerciements}
line nous {proposons|présentons|évaluons|décrivons} une {nouvelle méthode|approche originale} pour {O}, fondée sur {l'apprentissage|des mesures}.
line la figure {1-9} montre que {S} {V} {O} (p < 0,0{1-5} ; n = {12-900}). le tableau {1-6} donne les paramètres.
line soit x_i {le nombre|la moyenne|la variance} ; alors f(x) = {2-9}x + {1-90} et l'erreur est majorée par {1-9},{10-99}.
line {last} et al. [{1-40}] ont montré que {S} {V} {O}. nos expériences sur {2-12} jeux de données le confirment.
line [{1-40}] {last}, {first}. {word} {word} {word}. revue française de {word}, {year}, p. {100-300}-{301-500}.
line mots-clés : {word}, {word}, {word}
[manual]
title {notice d'utilisation|manuel d'installation|fiche technique|consignes de sécurité|guide d'entretien|mode d'emploi} {code}
head {avant la première utilisation|sommaire|caractéristiques|en cas de panne|nettoyage|garantie|montage|raccordement|attention}
line appuyez sur la touche {marche|menu|réglage} pendant {2-10} secondes jusqu'à ce que {le voyant clignote|l'écran affiche E{1-9}}.
line ne pas {plonger l'appareil dans l'eau|obstruer les aérations|utiliser de produit abrasif}. risque {d'incendie|d'électrocution|de blessure}.
line si {la pompe|le moteur|l'imprimante} ne démarre pas, vérifiez {le fusible|le câble|la porte}. sinon, contactez le service après-vente.
columns Caractéristique / Valeur / Unité
row tension nominale / {110-400} / V
row poids / {1-90},{1-9} / kg
row puissance / {10-3000} / W
row température d'emploi / 0 à {30-80} / °C
item {insérez les piles|serrez la vis {1-9}|retirez l'emballage|ouvrez lentement la vanne|branchez l'appareil}
[brochure]
title {découvrez {city}|programme de l'été|portes ouvertes|nouvelle collection|bien-être et détente|visites guidées|cours du soir}
head {comment venir|horaires|nos services|tarifs à partir de {amount}|ils en parlent|réservez|à ne pas manquer}
line {profitez|savourez|explorez|redécouvrez} {O} {C}. {G}
item {entrée libre|tarif famille|gratuit pour les moins de {4-14} ans|parking|chèques-cadeaux|sans réservation}
item {ouvert tous les jours {hour} - {hour}|renseignements {phone}|{site}}
[menu]
title {la carte|menu du jour|nos suggestions|menu de fête|boissons|brasserie {last}|chez {first}}
head {entrées|plats|desserts|boissons|menu enfant|fromages|nos pizzas}
item {soupe à l'oignon|magret de canard|bœuf bourguignon|tarte tatin|crème brûlée|assiette de fromages|salade niçoise} {price}
item {confit de canard|moules frites|steak tartare|mousse au chocolat|pichet de rouge|café gourmand|pizza reine} {price}
row {entrecôte|pavé de saumon|risotto|profiteroles|cidre|eau minérale} / {price}
line {prix nets, service compris|fermé le lundi|liste des allergènes sur demande|viande d'origine française}
[recipe]
title {tarte aux pommes|soupe de poireaux|gratin dauphinois|poulet basquaise|confiture d'abricots|quatre-quarts|crêpes}
head {ingrédients|préparation|pour servir|astuce}
field Pour = {2-12} personnes
field Cuisson = {10-90} minutes
line préchauffez le four à {160-220} degrés. {battez|fouettez|incorporez} les {œufs|blancs|jaunes} {en neige|délicatement}.
line laissez mijoter {10-90} minutes à feu doux en remuant. {salez, poivrez|ajoutez le thym|nappez de sauce} et servez chaud.
item {50-900} g de {farine|sucre|beurre|carottes|pommes de terre|amandes}
item {1-6} {œufs|oignons|cuillères d'huile|gousses d'ail|feuilles de laurier}
[report]
title {rapport annuel {year}|résultats trimestriels|étude de marché|rapport d'audit|bilan social|statistiques}
head {synthèse|chiffres clés|perspectives|facteurs de risque|méthodologie|recommandations|analyse par secteur}
line le chiffre d'affaires {progresse|recule} de {1-40} % à {amount}, tandis que les charges {augmentent|baissent}. {S} {V} {O}.
line le conseil propose un dividende de {sum} par action. {la croissance|la demande|l'inflation} reste {faible|soutenue}.
columns Année / Volume / Évolution / Part
row {year} / {sum} / {1-30} % / {1-90} %
row région nord / {sum} / {1-30} % / {1-90} %
row ensemble / {sum} / {1-30} % / 100 %
[bank]
title {relevé de compte|relevé d'identité bancaire|tableau d'amortissement|livret d'épargne|avis d'opération|extrait de compte}
field Titulaire du compte = {person}
field IBAN = {iban}
field BIC = {bic}
field Code banque = {10000-30000}
field Code guichet = {100-9999}
field Clé RIB = {10-97}
field Domiciliation = {city}
field Solde créditeur = {sum}
columns Date / Libellé / Débit / Crédit
row {date} / {paiement carte|prélèvement|virement reçu|retrait distributeur|chèque n° {number}} / {sum} /
row {date} / {virement de {person}|intérêts|remboursement|{firm}} / / {sum}
row {date} / ancien solde / / {sum}
line sauf erreur ou omission de notre part. vos dépôts sont garantis jusqu'à {amount}.
[prescription]
title {ordonnance|avis d'arrêt de travail|compte rendu d'hospitalisation|résultats d'analyses|certificat médical|carnet de vaccination}
field Patient = {person}
field Né(e) le = {birth}
field Tension = {10-16}/{6-9}
field Poids = {45-110} kg
line {amoxicilline|paracétamol|ibuprofène|metformine|oméprazole} {100-1000} mg, {1-4} fois par jour pendant {3-14} jours.
line je soussigné docteur {last} certifie avoir examiné ce jour {person} et prescris un arrêt de travail jusqu'au {date}.
line {glycémie|cholestérol|hémoglobine} {4-9},{1-9} {mmol/l|g/dl} (valeurs de référence {3-4},0 - {5-9},5).
item {repos|kinésithérapie : {5-20} séances|radiographie du thorax|prise de sang à jeun|à renouveler {1-5} fois}
end Docteur {last}; Le médecin traitant
[lease]
title {contrat de location|bail d'habitation|état des lieux|congé du locataire|quittance de loyer|acte de caution solidaire}
head {désignation des parties|objet du contrat|durée|loyer|dépôt de garantie|entretien|clause résolutoire|assurance}
line entre {person}, bailleur, et {person}, locataire, il est convenu la location du logement situé {address}.
line le loyer mensuel est fixé à {amount}, charges comprises, payable le {1-10} de chaque mois. dépôt de garantie : {amount}.
line le locataire s'oblige à {entretenir les lieux|souscrire une assurance|ne pas sous-louer}. préavis de {1-3} mois.
item {cuisine : {bon état|traces d'usage}|séjour : {neuf|rayures au sol}|{2-5} clés remises|compteur {number}}
end Le bailleur; Le locataire; La caution
[tax]
title {avis d'impôt {year}|avis d'imposition sur les revenus|taxe foncière|déclaration de revenus|avis de situation déclarative}
field Numéro fiscal = {number}
field Référence de l'avis = {code}
field Déclarant = {person}
field Revenu fiscal de référence = {sum}
field Nombre de parts = {1-4},{0-5}
field Date limite de paiement = {date}
columns Détail / Déclarant 1 / Déclarant 2 / Total
row salaires et pensions / {sum} / {sum} / {sum}
row abattement de 10 % / {sum} / {sum} / {sum}
row revenu imposable / / / {sum}
row impôt sur les revenus soumis au barème / / / {sum}
row prélèvement à la source / / / {sum}
line vous pouvez contester cet avis auprès du centre des finances publiques de {city} avant le {date}. majoration de 10 % en cas de retard.
[legal]
title {conditions générales|politique de confidentialité|statuts de l'association|règlement intérieur|jugement|procuration|arrêté municipal}
head {définitions|objet|responsabilité|droit applicable|propriété intellectuelle|modification|force majeure|considérant}
line on entend par « {word} » {O}. {l'utilisateur|le membre|l'adhérent} s'interdit de {W} {O} sans accord écrit préalable.
line en aucun cas {firm} ne saurait être tenue responsable des dommages indirects. la présente clause est d'ordre public.
line le tribunal, statuant publiquement, dit que {S} {V} {O} et condamne le défendeur aux dépens.
line vu le code {civil|du travail|général des collectivités territoriales} et notamment son article {100-2400}, arrête :
[mail]
title {re|tr} : {vacances|panne du serveur|compte rendu|déjeuner le {date}|question sur la facture|votre CV|contrat|photos}
field De = {person} <{email}>
field À = {person} <{email}>
field Envoyé = {date} {hour}
field Objet = {re : {word}|petite question|mise à jour|{job}}
line bonjour {first}, {peux-tu|pourriez-vous} {W} {O} ? {merci|bonne journée|cordialement}, {first}
line voir pièce jointe. {je suis absent jusqu'au {date}|dis-moi ce que tu en penses|on s'appelle à {hour}}. {G}
[novel]
title {chapitre {1-30}|le {word} de {city}|{deuxième|troisième} partie|{1-30}}
line {first} {leva les yeux|ne dit rien|referma la porte|compta les marches}. {G} {G}
line — {tu es en retard|c'est fini|tu as entendu} ? {demanda|murmura|cria} {first}. {G}
line cet {hiver|été}-là, {S} {V} {O}, et personne à {city} {ne dormait|n'en parla}.
[poem]
title {automne|la mer|à {first}|chanson|{word}}
item {ô|et|la|quand|si} {word} {word} {le vent|mon cœur|la lune|la pluie} {word}
line {S} {V} {O}, et {S} {V} {O}
line {doucement|lentement|jamais} {word} {la rivière|la lumière|la nuit}
[software]
title {notes de version {1-9}.{0-20}|référence de l'api|premiers pas|lisez-moi|architecture|journal des modifications}
head {installation|utilisation|configuration|points d'accès|problèmes connus|licence|contribuer|paramètres}
line lancez la commande {pip install {word}|git clone {site}/{word}|docker run {word}|npm start} dans un terminal.
line la fonction {word}_{word}() renvoie {une liste|une chaîne|un dictionnaire} ; elle lève une erreur si {le fichier manque|le jeton a expiré}.
item {corrigé|ajouté|supprimé} : {la prise en charge de {word}|un plantage dans {word}|l'option {word}} (#{10-9000})
[listing]
item def {word}_{word}({word}, {word}={0-99}):
item return {word}.{word}[{0-9}] + {0-900}
item if {word} is not None and {word} > {0-99}:
item # {W} {O}
item import {word}; from {word} import {word}
item {date} {hour}:{10-59} {INFO|WARN|ERREUR} {word} : {word} {word} {number}
item <{word} id="{number}">{word}</{word}>
item SELECT {word}, {word} FROM {word} WHERE {word} = {0-900};
[poster]
title {concert|défense d'entrer|chat perdu|vide-grenier|loto|sortie|bienvenue|silence|œufs frais|à louer|bal populaire}
item {{date} {hour}|salle des fêtes de {city}|{phone}|entrée gratuite|récompense {amount}|attention à la marche|{site}}
line {S} {V} {O}
[blank]
title {page {1-20}|annexe {A|B|C}|notes|page laissée blanche intentionnellement|{word}|confidentiel|brouillon}
item {{word}|{number}|{date}|t.s.v.p.}
[ticket]
title {carte d'embarquement|billet d'entrée|ticket de parking|billet de train|concert|tombola|itinéraire de voyage}
field Passager = {person}
field De = {city}
field À = {city}
field Place = {1-40}{A|B|C|D}
field Voiture = {1-20}
field Départ = {hour}
field Date = {date}
field Dossier = {code}
item {rang {1-30} place {1-60}|toute sortie est définitive|ouverture des portes {hour}|billet non remboursable|à composter}
[planning]
title {emploi du temps|planning de la semaine|feuille d'heures|tableau de service|calendrier {month} {year}|réservation des salles}
field Semaine = {1-52}
field Service = {entrepôt|cuisine|accueil|étage {1-9}}
field Nom = {person}
columns Jour / Début / Fin / Heures
row lundi / {hour} / {hour} / {4-9}
row mardi / {hour} / {hour} / {4-9}
row mercredi / {hour} / {hour} / {4-9}
row jeudi / repos / /
row {first} / matin / soir / {nuit|congé}
line les heures supplémentaires sont validées par {person}.
[lorem]
title lorem ipsum; {salad}
line lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.
line ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. {salad}
head dolor sit amet; {word} {word}
[slides]
title {notre stratégie {year}|lancement|ordre du jour|merci|questions ?|équipe {word}|résultats {year}|feuille de route}
item {W} {O}
item {{1-90} % des {clients|salariés}|prochaines étapes|messages clés|budget {amount}|pilote : {first}|t{1-4} {year}}
line {S} {V} {O}
"""
