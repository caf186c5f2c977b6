"""What else do French letters, forms and papers of offices say?"""

TEXT = """
[transcript]
title {relevé de notes|bulletin scolaire|diplôme national|attestation de réussite|procès-verbal d'examen|livret scolaire}
field Élève = {person}
field Né(e) le = {birth}
field Année scolaire = {year}
field Établissement = lycée {last}, {city}
columns Matière / Note / Coefficient / Appréciation
row mathématiques / {5-19},{0-9} / {1-7} / {bon trimestre|peut mieux faire|ensemble satisfaisant}
row français / {5-19},{0-9} / {1-7} / {lecture fine|trop de bavardages}
row histoire-géographie / {5-19},{0-9} / {1-4} / {participation active}
row sciences physiques / {5-19},{0-9} / {1-6} / {des progrès}
row éducation physique / {5-19},{0-9} / {1-2} / {très bien}
line le jury déclare {first} {last} admise au {baccalauréat|brevet|certificat d'aptitude professionnelle} avec mention {bien|assez bien}.
line vu le code de l'éducation, le diplôme de {master|licence|technicien supérieur} est délivré à {person} pour en jouir avec les droits y afférents.
end Le recteur; Le proviseur; Le président du jury
[consent]
title {autorisation parentale|formulaire de consentement|consentement éclairé|droit à l'image|autorisation de soins|don de sang}
line je soussigné(e) {person}, {père|mère|tuteur} de l'enfant {first}, autorise {sa participation à la sortie|la prise de photographies}.
line j'ai été informé(e) des {risques|objectifs} de {l'intervention|l'étude|l'anesthésie} et j'ai pu poser toutes les questions utiles.
line je peux retirer mon consentement à tout moment sans avoir à me justifier et sans conséquence.
line mes données seront conservées {2-10} ans et traitées conformément au règlement général sur la protection des données.
field Fait à = {city}
field Le = {date}
field Personne à prévenir = {phone}
field Signature précédée de la mention « lu et approuvé » =
item {j'accepte|je refuse|je souhaite recevoir les résultats|j'autorise l'hospitalisation en cas d'urgence}
end Signature du parent; Signature du médecin
[application_form]
title {formulaire d'inscription|demande d'adhésion|dossier de candidature|bulletin d'abonnement|fiche de renseignements|déclaration de sinistre|cerfa n° {10000-16000}}
head {état civil|coordonnées|situation familiale|pièces à joindre|cadre réservé à l'administration|déclaration sur l'honneur|ressources}
field Nom de naissance = {last}
field Prénom(s) = {first}
field Né(e) le = {birth}
field Commune de naissance = {city}
field Adresse = {address}
field Téléphone = {phone}
field Courriel = {email}
field Profession = {job}
field Situation = {célibataire|mariée|pacsé}
field N° d'allocataire = {number}
field Nombre d'enfants à charge = {0-5}
field Signature =
item {oui|non|première demande|renouvellement|temps plein|temps partiel|madame|monsieur|cocher la case correspondante}
line à retourner dûment complété à {firm}, service {des inscriptions|scolaire|du logement}, avant le {date}.
line je certifie sur l'honneur l'exactitude des renseignements fournis. toute fausse déclaration est passible de sanctions.
end Date et signature; Cachet de l'organisme
[questionnaire]
title {enquête de satisfaction|votre avis nous intéresse|questionnaire de santé|sondage|évaluation de la formation}
field Comment nous avez-vous connus ? =
field Tranche d'âge = {18-70} ans
field Commune = {city}
item {très satisfait|plutôt satisfait|peu satisfait|pas du tout|toujours|souvent|parfois|jamais|sans opinion}
item {l'accueil était agréable|les horaires vous conviennent|recommanderiez-vous {firm} à un proche}
line ce questionnaire anonyme ne vous prendra que {2-10} minutes. merci de votre participation.
[business_card]
title {person}; {firm}
field {job}
field Tél. {phone}
field Port. {phone}
field {email}
field {site}
field {address}
item {depuis {year}|sur rendez-vous|directeur commercial|devis gratuit|dépannage 7j/7|maître d'œuvre|ostéopathe}
item {plomberie chauffage|cabinet d'avocats|salon de coiffure|architecte d'intérieur|traiteur|paysagiste}
[membership_card]
title {carte de fidélité|carte de lecteur|carte d'adhérent|carte cadeau|abonnement piscine|club|pass musées|carte jeune}
field adhérent = {person}
field n° = {number}
field valable jusqu'au = {date}
field n° de carte = {number} {number}
field {firm}
item {le {10-12}e passage offert|carte strictement personnelle|{amount} offerts|voir conditions en magasin|points valables un an}
"""
