"""What do French papers of daily life, offices and health say?"""

TEXT = """
[transcript]
title relevé de notes; diplôme {national du brevet|de licence|de master|universitaire}; bulletin scolaire {1-3}e trimestre
title attestation de réussite; baccalauréat {général|technologique|professionnel}; certificat de compétences; classe de {3-6}e
field Étudiant = {person}
field Né le = {birth}
field Établissement = {collège|lycée|université} de {city}
field Moyenne générale = {8-19},{10-99}
field Mention = {assez bien|bien|très bien|passable}
field Année universitaire = {2010-2025}
field Crédits ECTS = {30-180}
field INE = {number}{first}
columns Matière / Moyenne / Classe / Appréciation
columns Unité d'enseignement / Note / Crédits / Résultat
row Mathématiques / {4-19},{0-9} / {9-14},{0-9} / {bon travail|des progrès|peut mieux faire|excellent trimestre}
row Histoire-géographie / {4-19},{0-9} / {9-14},{0-9} / {participation active|élève sérieuse|trop de bavardages}
row Français / {4-19},{0-9} / {9-14},{0-9} / {ensemble satisfaisant|résultats fragiles|continuez ainsi}
row {Physique-chimie|SVT|Technologie|Latin|Philosophie} / {4-19},{0-9} / {9-14},{0-9} / {bien|travail irrégulier}
row {Anglais LV1|Espagnol LV2|Allemand|EPS|Arts plastiques|Musique} / {4-19},{0-9} / {9-14},{0-9} / {félicitations|correct}
row {Algèbre linéaire|Droit civil|Microéconomie|Biologie cellulaire|Statistiques} / {4-19} / {2-8} / {validé|ajourné}
line le jury, après délibération du {date}, déclare {person} {admis|reçue} avec la mention {bien|assez bien}.
line vu les pièces justificatives produites, le diplôme est conféré à {person} pour en jouir avec les droits qui s'y attachent.
end Le président du jury; Le chef d'établissement; Le recteur; Le professeur principal
[consent]
title autorisation {parentale|de droit à l'image|de sortie du territoire|de prélèvement}; consentement éclairé; procuration
title formulaire de consentement; mandat de représentation; règlement et décharge de responsabilité
field Je soussignée = {person}
field Nom de l'enfant = {person}
field Né le = {birth}
field Personne à prévenir = {person} {phone}
field Classe = {CP|CE1|CM2|6e B}
field Médecin traitant = Dr {last}
line je soussigné {person}, {père|mère|représentant légal} de {person}, autorise {l'école|le club|l'hôpital} à {W} {O}.
line j'ai été informé des {risques|bénéfices|objectifs de la recherche} et j'ai pu poser toutes les questions utiles.
line je peux retirer mon consentement à tout moment sans {justification|conséquence sur ma prise en charge}.
line les images pourront être {diffusées|publiées} sur {le site|le journal} de {firm} pour une durée de {1-10} ans.
line vos données sont traitées conformément au règlement général sur la protection des données.
item j'autorise; je n'autorise pas; mon enfant à {rentrer seul|participer à la sortie|être photographié}
item {j'accepte les conditions|je donne procuration à {person}|allergies à signaler|je certifie l'exactitude}
end signature du représentant légal; signature du patient; lu et approuvé; bon pour pouvoir
[application_form]
title {formulaire|bulletin|fiche} {d'inscription|d'adhésion|de renseignements|de réservation|de contact}; dossier {de demande|médical}
title demande {d'aide|de logement|de carte grise|d'allocation|de bourse|d'acte}; déclaration {préalable|de revenus|de vacance}
title cerfa n° {10000-16000}*{10-12}; constat amiable d'accident; fiche de liaison; réclamation client; mandat de prélèvement
head {cadre réservé à l'administration|situation familiale|coordonnées|pièces à joindre|activités choisies|votre projet|état civil}
field Nom = {last}
field Prénom = {first}
field Date de naissance = {birth}
field Lieu de naissance = {city}
field Adresse = {address}
field Code postal et ville = {city}
field Téléphone = {phone}
field Courriel = {email}
field Profession = {job}
field Situation = {marié|célibataire|pacsée|divorcé|veuve}
field Nombre d'enfants = {0-5}
field Employeur = {firm}
field N° de sécurité sociale = {number}
field N° allocataire = {number}
field Revenu mensuel = {amount}
field Surface du terrain = {40-2000} m²
field Date d'arrivée = {date}
field Établissement scolaire = {word} {last}
field Taille = {S|M|L|XL}
field Régime alimentaire = {végétarien|sans porc|aucun}
field Remarques = {salad}
field Nationalité = {française|portugaise|marocaine|belge}
item {oui|non}; {madame|monsieur}; {locataire|propriétaire|hébergé}; {je souhaite recevoir la lettre d'information|premier choix}
item {chèque à l'ordre de {firm}|copie de la carte d'identité|photo d'identité|certificat médical|justificatif de domicile}
item {lundi|mercredi|samedi} {hour}; {danse|judo|poterie|football|théâtre|couture|échecs|natation}
line {veuillez remplir en lettres capitales|les champs marqués d'un astérisque sont obligatoires|à retourner avant le {date}}.
line je certifie sur l'honneur l'exactitude des renseignements fournis ; toute fausse déclaration est passible de poursuites.
end signature; signature du demandeur; cachet; visa du responsable
[questionnaire]
title {questionnaire|enquête} de satisfaction; votre avis nous intéresse; sondage {year}; questionnaire de santé; évaluation; quiz
head {votre visite|votre accueil|vos habitudes|votre foyer|vos loisirs|à propos de vous|l'enseignement|les transports}
field {avez-vous|aimez-vous|connaissez-vous} {O} ?
field comment avez-vous connu {firm} ? = {presse|amis|internet}
field à quelle fréquence {W} {O} ? = {jamais|parfois|souvent|toujours}
field note de 1 à 10 = {1-10}
field votre âge = {18-90}
field que pensez-vous de {S} ? = {salad}
field combien de {repas|cigarettes|kilomètres|heures} par {jour|semaine} ? = {1-40}
item {tout à fait d'accord|plutôt d'accord|pas du tout d'accord|sans opinion}; {très satisfait|satisfait|peu satisfait|insatisfait}
item {moins de|plus de} {18-60} ans; {oui|non|ne sait pas}; {une fois|plusieurs fois} par {mois|semaine}; {vrai|faux}
item {a|b|c}) {S} {V} {O}
line merci de prendre {5-15} minutes pour répondre ; vos réponses resteront anonymes et confidentielles.
columns Critère / 1 / 2 / 3 / 4
row {propreté|accueil|délais|confort|clarté|horaires|ambiance|signalétique} / {o|x| } / o / {x|o} / o
[business_card]
title {person}; {firm}; Dr {person}; Maître {person}; {first} {last}, {job}
field {job} = {firm}
field {Tél.|Mobile|Port.} = {phone}
field {Courriel|E-mail} = {email}
field {Site|Web} = {site}
field {Adresse|} = {address}
field {Kinésithérapeute|Avocate à la cour|Architecte DPLG|Plombier-chauffagiste|Photographe|Notaire|Taxi} = {city}
item sur rendez-vous; {7j/7|24h/24}; déplacements à domicile; depuis {1950-2020}; {word} et {word}
[membership_card]
title carte {de fidélité|de membre|d'adhérent|avantages|cadeau|de bibliothèque|de transport}; {firm}; club {word}
field {Membre|Adhérent|Titulaire|Nom} = {person}
field {N° de carte|N° adhérent|Code|N° lecteur} = {number}
field {Valable jusqu'au|Expire le|Validité} = {date}
field {Points|Niveau|Zone|Saison} = {1-900}
field {Tarif réduit|Abonnement mensuel|Formule} = {or|argent|étudiant|famille}
item le {10}e {café|passage|lavage|kebab} offert; carte strictement personnelle; à présenter en caisse; {salle de sport|piscine}
item merci de votre fidélité; {site}; en cas de perte : {phone}; {boulangerie|pizzeria|coiffure|médiathèque} {last}
[prescription]
title ordonnance; {Docteur|Dr} {person}; avis d'arrêt de travail; compte rendu {d'examen|opératoire|de radiologie|d'hospitalisation}
title résultats d'analyses; certificat médical; {protocole de soins|carnet de vaccination|convocation anesthésie}
field Patient = {person}
field Né le = {birth}
field RPPS = {number}
field Arrêt jusqu'au = {date}
field Poids = {3-110} kg
field Prescripteur = Dr {last}
field Sorties autorisées = {oui|non}
field Date de l'examen = {date}
item {paracétamol|amoxicilline|ibuprofène|oméprazole|metformine|salbutamol|cétirizine} {5-1000} mg : {1-3} {comprimé|gélule|bouffée} {matin et soir|par jour} pendant {3-90} jours
item {bilan sanguin à jeun|séances de kinésithérapie|pansements stériles|bas de contention|radiographie du genou}
line je soussigné certifie avoir examiné {person} et n'avoir constaté aucune contre-indication à la pratique {du sport|de la danse}.
line l'état de santé du patient nécessite un arrêt de travail {jusqu'au {date} inclus|de {2-30} jours}.
line {l'échographie|le scanner|l'IRM} {ne montre pas d'anomalie|retrouve un nodule de {2-20} mm|est sans particularité}.
columns Analyse / Résultat / Unité / Valeurs de référence
row {hémoglobine|leucocytes|plaquettes|créatinine|cholestérol|ferritine|TSH} / {1-300},{0-9} / {g/dL|mmol/L|mg/L} / {1-9} - {10-400}
end Signature et cachet du médecin; à renouveler {1-6} fois; membre d'une association agréée
[lease]
title {contrat de location|bail d'habitation|bail commercial|état des lieux d'entrée|acte de cautionnement|compromis de vente}
title règlement de copropriété; quittance de loyer {month} {year}; congé donné par le locataire
head {désignation des parties|objet du contrat|durée du bail|dépôt de garantie|charges récupérables|clause résolutoire|annexes}
head {état des lieux|obligations du bailleur|obligations du locataire|séjour|cuisine|chambre {1-3}|travaux}
field Bailleur = {person}
field Locataire = {person}
field Adresse du logement = {address}
field Surface habitable = {12-180} m²
field Loyer mensuel = {amount}
field Charges = {amount}
field Date d'effet = {date}
field Relevé compteur eau = {number}
line le présent bail est consenti pour une durée de {un|trois|six} ans à compter du {date}.
line le locataire est tenu de payer le loyer aux termes convenus, d'user paisiblement des locaux et de s'assurer.
line le dépôt de garantie de {amount} est restitué dans un délai {d'un|de deux} mois après la remise des clés.
line les murs sont {en bon état|à rafraîchir|tachés}, le parquet est {rayé|neuf}, les volets {fonctionnent|grincent}.
columns Élément / Entrée / Sortie
row {murs|plafond|sol|fenêtres|évier|robinetterie|radiateur|interrupteurs|placards} / {bon|neuf|usagé|moyen} / {bon|moyen}
end Le bailleur; Le locataire; La caution; Lu et approuvé
[tax]
title avis {d'imposition|d'impôt sur les revenus} {year}; taxe {foncière|d'habitation} {year}; échéancier {year}; avis de situation
title déclaration des revenus {year}; cotisation foncière; avis d'échéance URSSAF
field Numéro fiscal = {number}
field Référence de l'avis = {number}
field Revenu fiscal de référence = {sum}
field Nombre de parts = {1-4},{0-5}0
field Déclarant 1 = {person}
field Date d'établissement = {date}
field Montant restant à payer = {sum}
field Centre des finances publiques = {city}
columns Détail des revenus / Déclarant 1 / Déclarant 2 / Foyer
row Salaires / {sum} / {sum} / {sum}
row Déduction 10 % / {sum} / {sum} / {sum}
row {Pensions, retraites|Revenus fonciers nets|Revenus de capitaux mobiliers} / {sum} / {sum} / {sum}
row Revenu brut global / / / {sum}
row {Impôt sur les revenus soumis au barème|Décote|Prélèvements sociaux|Réduction dons|Base nette|Part communale} / / / {sum}
row Impôt net / / / {sum}
line vous pouvez payer sur impots.gouv.fr au plus tard le {date} ; au-delà, une majoration de 10 % sera appliquée.
line direction générale des finances publiques, service des impôts des particuliers de {city}.
line conservez ce document : il vous sera demandé pour justifier de vos ressources.
[bank]
title relevé {de compte|d'identité bancaire|d'opérations|d'épargne}; RIB; tableau d'amortissement; relevé de carte; offre de prêt
field Titulaire = {person}
field IBAN = {iban}
field BIC = {bic}
field Domiciliation = {city}
field Ancien solde au {date} = {sum}
field Nouveau solde = {sum}
field Compte n° = {number}
field Code banque = {10000-40000}
field Clé RIB = {10-97}
field Votre conseiller = {person}
field Découvert autorisé = {amount}
columns Date / Libellé / Débit / Crédit
columns Date / Valeur / Opération / Montant
row {date} / VIR {last} / / {sum}
row {date} / CB {firm} {city} / {sum} /
row {date} / PRLV SEPA {firm} / {sum} /
row {date} / {RETRAIT DAB|CHEQUE {number}|FRAIS DE TENUE DE COMPTE|COTISATION CARTE|INTERETS} / {sum} /
row {date} / VIR SALAIRE {firm} / / {sum}
row {date} / échéance {1-240} / capital {sum} / {sum}
line sauf erreur ou omission, les sommes figurant sur ce relevé sont garanties par le fonds de garantie des dépôts.
line relevé d'identité bancaire à remettre à vos {débiteurs|créanciers} pour vos virements et prélèvements.
[mail]
title {Tr : |Re : |RE: |Fwd: |}{réunion de {month}|photos du week-end|compte rendu|votre commande {code}|planning|question}; {email}
field De = {person} <{email}>
field À = {person} <{email}>
field Envoyé = {date} {hour}
field Objet = {Re : |RE: |Tr : |}{réunion|photos|vacances|dossier {last}|proposition|accès au site|point hebdo}
field Cc = {email}; {email}
field Pièce jointe = {word}_{number}.{pdf|docx|xlsx|jpg}
line bonjour {first}, {merci pour ton retour|peux-tu relire le document ?|je te confirme pour {hour}|désolé du retard}.
line on se voit {lundi|demain|le {date}} à {hour} {au bureau|en visio|à {city}} ? {first}
line je vous transmets {le lien|le fichier|les photos|la version corrigée} comme convenu ; dites-moi si {S} {V} {O}.
line -----Message d'origine----- De : {email} Envoyé : {date}
line {cordialement|bonne journée|bises|merci d'avance|à demain}, {person} {phone}
line ceci est un message automatique, merci de ne pas y répondre ; cliquez ici pour {réinitialiser votre mot de passe|vous désabonner}.
[planning]
title planning {semaine {1-52}|de {month}|d'équipe}; feuille {de temps|d'heures|d'émargement|de présence}; emploi du temps; calendrier
field Semaine = {1-52}
field Salarié = {person}
field Service = {word}
field Total = {20-45} h
columns Nom / Lundi / Mardi / Mercredi / Jeudi / Vendredi
row {person} / {matin|soir|repos|congé|{hour}} / {matin|RTT|{hour}} / {8-12}-{13-19} / {repos|nuit} / {hour}
row {hour} / {maths|EPS|anglais|atelier} / {histoire|étude} / {word} / {SVT|musique} / {word}
row {date} / {hour} / {hour} / {4-9} h / {word} / {signature|absent|présent}
line toute modification doit être signalée à {person} au {phone}.
end visa du responsable; signature du salarié
[ticket]
title {billet|e-billet|place|invitation|carte d'embarquement|contremarque}; {concert|spectacle|match|festival|exposition|train}
field Date = {date} {hour}
field Lieu = {city}
field {Rang|Siège|Place|Voiture|Porte} = {1-90}
field {Passager|Voyageur|Spectateur} = {person}
field {Vol|Train|Référence dossier} = {code}
field {Départ|Arrivée} = {city} {hour}
item {tarif plein|tarif réduit|gratuit|adulte|enfant} {amount}; ni repris ni échangé; ouverture des portes {hour}; bon voyage
item {orchestre|balcon|tribune nord|fosse|2e classe}; présentez ce billet à l'entrée; billet nominatif et non cessible
line {S} {V} {O}.
"""
