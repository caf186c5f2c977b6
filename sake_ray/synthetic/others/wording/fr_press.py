"""What do French printed and published texts say?"""

TEXT = """
[newspaper]
title {S} {V} {O}; {city} : {S} {V} {O}; {O} {C}; le {courrier|quotidien|journal|messager} de {city}; {C}, {S} {V} {O}
head {faits divers|sports|culture|météo|politique|économie|international|opinion|agenda|nécrologie|mots croisés|entretien}
field {par|texte :|de notre correspondant} {person} = {city}, {date}
field édition du {date} = n° {number}
line « {S} {V} {O} », {confie|explique|s'indigne|assure|sourit} {person}, {18-90} ans, {job} à {city}.
line {un incendie|un accident|une manifestation|une tempête|un cambriolage} a {mobilisé|surpris} {2-90} {pompiers|riverains}.
line {l'équipe de {city}|le champion|la gymnaste} s'est {imposée|inclinée} {1-6} à {0-5} devant {2-9}00 spectateurs.
line le {parquet|maire|ministère|gouvernement|préfet} a {annoncé|démenti|confirmé} l'information {ce matin|hier|dimanche}.
line les {électeurs|ouvriers|lycéens|agriculteurs|commerçants} {manifestent|s'inquiètent|réclament des garanties|se mobilisent}.
[science]
title {étude|analyse|évaluation|modélisation} de {O}; effets de {word} sur {O}; {word} et {word} : {une revue|état de l'art}; thèse
head {résumé|introduction|matériel et méthodes|résultats|discussion|conclusion|références|bibliographie|remerciements|annexe}
field {person}, {person} = université de {city}
field mots-clés = {word}, {word}, {word}
line {cette étude|cet article|notre travail} {examine|montre|compare} l'effet de {O} sur {O}.
line les données ont été recueillies auprès de {20-900} {participants|souris|patients|parcelles} entre {1990-2010} et {year}.
line une différence significative a été observée (p < 0,0{1-5} ; n = {20-900}), en accord avec {last} et al. ({year}).
line {last} {first} ({year}). {S} {V} {O}. Revue française de {biologie|sociologie|physique|médecine}, {1-90}, {1-300}-{301-600}.
line le coefficient de corrélation, l'écart-type et l'intervalle de confiance à 95 % sont présentés au tableau {1-6}.
line {la cellule|l'enzyme|le polymère|le spectre|la molécule|le neurone} {présente|active|inhibe} {la synthèse|l'oxydation|la réponse}.
line ces résultats suggèrent que {S} {V} {O} ; d'autres travaux seront nécessaires.
columns Groupe / n / Moyenne / Écart-type
row {témoin|traité|placebo|groupe {1-4}} / {10-90} / {1-90},{10-99} / {0-9},{10-99}
[manual]
title {manuel|guide|notice} {d'utilisation|d'installation|de montage|d'entretien|de démarrage rapide}; fiche technique {code}
title fiche de données de sécurité; caractéristiques techniques; mode d'emploi {code}; spécifications
head {consignes de sécurité|contenu de l'emballage|mise en service|dépannage|entretien|garantie|caractéristiques|raccordement}
head {nettoyage|réglages|schéma électrique|pièces détachées|recyclage|premiers secours|stockage}
field Tension = {12-400} V
field Puissance = {10-3000} W
field Dimensions = {10-90} x {10-90} x {2-90} mm
field Modèle = {code}
field Indice de protection = IP{20-68}
field Masse volumique = 0,{700-999} g/cm³
line {débranchez l'appareil|portez des gants|coupez l'alimentation} avant {tout entretien|de remplacer le fusible}.
line appuyez sur la touche {marche|menu|OK} pendant {2-10} secondes jusqu'à ce que le voyant {clignote|s'allume en vert}.
line {vissez|fixez|insérez|dévissez|serrez|graissez} {le support|la vis {1-9}|le filtre|la batterie|le tuyau} {à fond|sans forcer}.
line si {le message d'erreur E{1-40}|la pompe|l'écran} {persiste|s'arrête|s'éteint}, contactez le service après-vente.
line tenir hors de portée des enfants ; ne pas immerger ; ne pas jeter avec les ordures ménagères.
columns Symptôme / Cause / Solution
row {aucune image|fuite|bruit|surchauffe|odeur} / {fusible|joint usé|câble débranché} / {remplacer|resserrer|nettoyer}
row {poids|débit|pression|fréquence|température} / {1-900} / {kg|bar|Hz|°C|l/min}
item {attention : surface chaude|étape {1-9} : {W} {O}|{W} {O}|clé hexagonale fournie|piles non incluses}
[brochure]
title {bienvenue à {city}|portes ouvertes|grande braderie|découvrez {O}|{firm}, {word} et {word}|visite guidée|à vendre}
title {nouvelle collection|soldes d'été|vide-grenier|votre séjour à la montagne|offre de lancement|maison T{2-6} {30-200} m²}
head {nos services|nos engagements|tarifs|comment venir|programme|nous contacter|pourquoi nous choisir|activités|hébergement}
field Renseignements = {phone}
field Horaires = {hour} - {hour}
line {profitez|venez profiter} {d'une vue imprenable|de {10-70} % de remise|d'un accueil chaleureux|du savoir-faire de nos artisans}.
line {situé|niché} à {2-60} minutes de {city}, {le domaine|l'hôtel|le musée|le parc} {vous accueille|propose} toute l'année.
line {réservez dès maintenant|contactez-nous|rendez-vous} sur {site} ou au {phone}.
line {belle maison|appartement lumineux|terrain constructible} avec {jardin clos|cave|balcon|garage}, proche {écoles|gare|commerces}.
item {entrée libre|parking gratuit|dégustation|ateliers enfants|concert|tombola|buvette|livraison offerte}
item {peinture|toiture|jardinage|coaching|massage|soutien scolaire|pompes funèbres|dépannage|aide à domicile}
[menu]
title {menu du jour|la carte|nos pizzas|menu enfant|carte des vins|formule midi|menu de fête|restaurant {last}|cantine}
field ouvert du {mardi|mercredi} au {samedi|dimanche} = {hour} - {hour}
columns Plat / Prix
row {salade de chèvre chaud|velouté de potiron|terrine maison|œuf mimosa|escargots|huîtres|carpaccio de bœuf} / {price}
row {entrecôte frites|magret de canard|dos de cabillaud|risotto aux cèpes|couscous|blanquette|burger|moules marinières} / {price}
row {tarte tatin|crème brûlée|mousse au chocolat|profiteroles|sorbet|île flottante|café gourmand} / {price}
row {chardonnay|côtes du Rhône|kir|pression|eau minérale|jus d'orange|expresso|thé à la menthe} / {price}
item {entrée, plat, dessert {10-40} €|pain et service compris|supplément fromage|plat du jour|végétarien}
item {pizza reine : tomate, mozzarella, jambon|gratin dauphinois|saumon grillé, riz|ratatouille|steak haché, purée}
line {tous nos plats sont faits maison|nous n'acceptons pas les chèques|la liste des allergènes est disponible|bon appétit}.
[recipe]
title {gâteau|tarte|soupe|gratin|confiture|quiche|crêpes|curry|pain|salade} {au chocolat|aux poireaux|de grand-mère|de saison}
head {ingrédients|préparation|cuisson|astuce|pour la pâte|pour la garniture|conseil du chef}
field Pour = {2-8} personnes
field Préparation = {5-60} min
field Cuisson = {10-180} min
field Difficulté = {facile|moyenne}
item {50-500} g de {farine|sucre|beurre|lentilles|carottes|chocolat noir|crème|poulet|champignons}
item {1-6} {œufs|oignons|gousses d'ail|tomates|cuillères d'huile|feuilles de laurier|pincées de sel|échalotes}
line {préchauffez|chauffez} le four à {150-220} °C, puis {mélangez|fouettez|incorporez} {la farine|les jaunes|le beurre fondu}.
line {laissez mijoter|faites revenir|enfournez|laissez reposer} {5-90} minutes {à feu doux|à couvert|au frais}.
line {épluchez|émincez|égouttez|râpez|salez|poivrez} {les légumes|les pommes|la viande} et {versez|disposez} dans un plat.
line servez {tiède|bien frais|avec une salade verte|saupoudré de persil}. {G}
[report]
title rapport {annuel|d'activité|financier|d'audit} {year}; budget {prévisionnel|primitif} {year}; statistiques {year}; note de conjoncture
title bilan au {date}; compte de résultat; tableau de bord {month} {year}; étude de marché
head {synthèse|méthodologie|évolution du chiffre d'affaires|effectifs|investissements|perspectives|trésorerie|risques|annexes}
field Exercice clos le = {date}
field Résultat net = {sum}
field Population étudiée = {200-90000}
field Budget total = {sum}
columns Poste / {2008-2015} / {2016-2024} / Variation
columns Indicateur / T1 / T2 / T3 / T4
row {charges de personnel|achats|amortissements|subventions|impôts et taxes|frais généraux|publicité|recettes} / {sum} / {sum} / {-|+}{1-40} %
row {immobilisations corporelles|capitaux propres|dettes fournisseurs|stocks|créances clients|disponibilités} / {sum} / {sum} / {sum}
row {hommes|femmes|moins de 25 ans|plus de 60 ans|cadres|ouvriers|Bretagne|Occitanie} / {sum} / {sum} / {1-90} %
row Total / {sum} / {sum} / {sum}
line le chiffre d'affaires {progresse|recule|reste stable} de {1-30} % et atteint {amount} en {year}.
line l'effectif moyen s'établit à {10-900} salariés, dont {10-60} % de femmes.
line {la hausse|la baisse} s'explique par {la conjoncture|le prix de l'énergie|l'ouverture de {2-9} agences}.
line source : {Insee|Eurostat|ministère du Travail|enquête {firm}}, {year}.
end le commissaire aux comptes; le trésorier
[legal]
title conditions générales {d'utilisation|de vente}; {arrêté|décret} n° {year}-{100-900}; mentions légales; statuts de l'association
title politique de confidentialité; jugement du tribunal {judiciaire|de commerce} de {city}; règlement intérieur; accord de confidentialité
head {objet|définitions|responsabilité|données personnelles|propriété intellectuelle|droit applicable|résiliation|force majeure}
head {dispositions générales|sanctions|entrée en vigueur|siège social|assemblée générale|motifs|par ces motifs}
line vu le code {civil|du travail|pénal|de l'environnement}, notamment ses articles L. {100-900}-{1-20} et R. {100-900}-{1-9} ;
line {l'utilisateur|le prestataire|le membre|le client|l'éditeur} {s'engage à|s'interdit de} {W} {O}.
line tout litige relatif à {l'exécution|l'interprétation} des présentes relève des tribunaux compétents de {city}.
line il est fondé entre les adhérents aux présents statuts une association régie par la loi du 1er juillet 1901.
line {attendu|considérant} que {S} {V} {O} ; {attendu|considérant} que {person} {conteste|soutient} la demande ;
line le {maire|préfet|ministre} est chargé de l'exécution du présent arrêté, qui sera publié au Journal officiel.
end le greffier; le président; le maire de {city}
[novel]
title {le|la|un} {word} {de {city}|perdu|et {word}}; chapitre {1-40}; {person}, {O}; {I}
head chapitre {1-40}; {I}; {year}; {city}
line « {W} {O}, {murmura|cria|demanda|répondit}-{il|elle}, {et ne revenez plus|nous verrons bien|il est trop tard}. »
line {il|elle} {marchait|rêvait|hésitait|tremblait} {C}, {les mains froides|sans se retourner|le cœur battant}, et {S} {V} {O}.
line {la nuit tombait|l'aube se levait|la pluie cessait} sur {city} ; {first} {pensait à|se souvenait de} {O}.
line {first} ne dit rien. {jamais|toujours} {il|elle} n'avait {vu|aimé|craint|entendu} {O} ainsi.
[poem]
title {à {first}|chanson de {word}|{word}|sonnet|soir d'automne|le {word}}
line {ô|quand|si|et} {S} {V} {O}; {la lune|le vent|la mer|mon cœur} {pleure|s'endort|se souvient|chante} {C}
item {ô|quand|où|et} {S} {V} {O},
item {C}, {la lune|le vent|la mer|l'aurore} {pleure|s'endort|se souvient|danse}
item {word}, {word}, et {word} encore
item je {t'attends|m'en vais|me tais|t'écris} {C}
[software]
title documentation {technique|de l'API}; guide {de l'administrateur|du développeur}; notes de version {1-9}.{0-20}; cahier des charges
head {installation|configuration|authentification|exemples|prérequis|architecture|journal des modifications|sécurité}
line la fonction {word}_{word} renvoie {une liste|un entier|une chaîne} et lève une exception si {le fichier|la clé} est absent.
line lancez la commande pip install {word} puis redémarrez {le serveur|le service|la session}.
line le paramètre {word} {active|désactive} {la journalisation|le cache|le chiffrement} ; valeur par défaut : {0-900}.
line l'utilisateur {clique sur|sélectionne} {Enregistrer|Fichier > Ouvrir|Paramètres} et {S} {V} {O}.
line la base de données contient {2-90} tables ; chaque requête SQL est {exécutée|validée} en {1-90} ms.
columns Paramètre / Type / Défaut
row {word}_{word} / {int|str|bool|float} / {0-90}
[listing]
item import {word}; from {word} import {word}; def {word}_{word}(self, {word}):; return {word} + {0-90}; for {word} in range({2-90}):
item if {word} is None:; # {salad}; SELECT {word}, {word} FROM {word} WHERE id = {number};; print("{word} {word}")
item {date} {hour} ERROR {word}.{word}: {salad}; {word} = {word}.get("{word}", {0-90}); class {word}(object):; else:
item //{word} {word}; echo "${word}" >> /var/log/{word}.log; <div class="{word}">{word}</div>; #include <{word}.h>
[poster]
title {interdit de fumer|sortie|attention travaux|silence|complet|accueil|sonnez puis entrez|ne pas déranger|fermé le lundi}
title {vive|non à|stop à|tous pour} {O} !; {concert|loto|bal|brocante|kermesse} {date}; perdu {chat|chien} {word}
item {city} {date} {hour}; entrée {libre|{amount}}; {phone}; {site}; avec {person}; {salle des fêtes|place de l'église}; {word} {word}
item {S} {V} {O} !; venez nombreux; récompense; {W} {O}; poussez; tirez
[blank]
title {word}; {number}; annexe {1-9}; {code}; {first}; confidentiel; chemise n° {1-90}; page laissée blanche; {date}; {last} {first}
title dossier {last}; {word} {word}; archives {year}; à classer; fin; divers
item {word}; {1-90}; {date}; {first}; {code}; vu
[lorem]
title lorem ipsum; titre; {word} {word}
head dolor sit amet; {word}; consectetur
line lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.
line ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.
line duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. {salad}
line vestibulum ante ipsum primis in faucibus orci luctus et ultrices posuere cubilia curae; votre texte ici.
item {salad}; pellentesque habitant morbi; tristique senectus et netus
[slides]
title {plan de la présentation|{O}|objectifs {year}|merci de votre attention|contexte|calendrier|questions ?|{firm}|stratégie}
title {résultats {year}|notre équipe|points forts|prochaines étapes|formation sécurité|introduction à {O}}
item {W} {O}; {O}; {S} {V} {O}; {1-90} % de {word}; {date} : {O}; {person}; {word} vs {word}; indicateurs clés; {month} {year}
line {S} {V} {O}
"""
