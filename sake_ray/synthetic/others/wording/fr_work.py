"""What do French letters and papers of working life say?"""

TEXT = """
[business_letter]
title {demande de rendez-vous|votre courrier du {date}|notre entretien téléphonique|réclamation|prise de contact}
title {changement d'adresse|invitation à notre journée portes ouvertes|partenariat|confirmation de votre inscription}
title {retard de livraison|réponse à votre demande|fermeture annuelle|relance de notre proposition|remerciements}
field Réf. = {code}
field Vos références = {code}
field Pièces jointes = {1-5}
line {suite à|à la suite de|comme convenu lors de} notre {entretien|conversation|réunion} du {date}, je vous {confirme|informe}
 que {S} {V} {O}.
line nous avons bien reçu votre {courrier|demande|message|réclamation} du {date} et nous vous en remercions.
line notre société, implantée à {city} depuis {year}, accompagne {les entreprises|les particuliers|les collectivités}.
line je me tiens à votre disposition au {phone} pour {tout renseignement|convenir d'un rendez-vous|en discuter}.
line nous vous prions de nous excuser pour {la gêne occasionnée|ce retard|cette erreur regrettable}.
line vous trouverez ci-joint {la documentation|le compte rendu|le calendrier|une copie de la facture|le plan d'accès}.
line {person}, qui suit votre dossier, prendra contact avec vous {avant la fin du mois|la semaine prochaine|rapidement}.
[cover_letter]
title candidature au poste de {job}; lettre de motivation; candidature spontanée; votre annonce {code}
title {candidature pour un stage|demande d'alternance|réponse à votre offre d'emploi} - {job}
line {actuellement|diplômé et} à la recherche d'un emploi de {job}, je me permets de vous adresser ma candidature.
line votre annonce parue {sur votre site|le {date}|dans le journal} a {retenu|attiré} toute mon attention.
line mon parcours chez {firm} m'a permis d'acquérir {rigueur|autonomie|le sens du contact} et {l'esprit d'équipe|de solides bases}.
line {motivé|dynamique|curieuse|passionnée|sérieux}, je souhaite mettre mes compétences au service de votre {équipe|entreprise}.
line vous trouverez ci-joint mon CV qui vous donnera plus de détails sur mon parcours.
line votre {réputation|expertise|projet de développement} dans le domaine {du commerce|de la santé|du bâtiment} me {séduit|motive}.
line je serais {heureux|ravie} de vous exposer ma motivation lors d'un entretien.
line après {2-20} années passées en qualité de {job}, je désire aujourd'hui {relever un nouveau défi|me rapprocher de {city}}.
line disponible {immédiatement|dès le {date}}, je suis {mobile|prête à me former|à votre écoute}.
[administrative_letter]
title {demande d'acte de naissance|demande de logement social|attestation de domicile|recours gracieux|convocation}
title {votre demande de permis de construire|inscription scolaire|notification de décision|renouvellement de votre dossier}
title {demande d'aide au logement|mise en demeure|accusé de réception|attestation sur l'honneur|certificat de scolarité}
field Numéro d'allocataire = {number}
field Dossier suivi par = {person}
line nous vous informons que votre dossier n° {number} est {incomplet|en cours d'instruction|complet|refusé|accepté}.
line merci de nous adresser, avant le {date}, {une copie de votre pièce d'identité|un justificatif de domicile|un avis
 d'imposition|une photographie récente|le formulaire signé|une attestation de l'employeur}.
line vous disposez d'un délai de deux mois pour contester cette décision devant le tribunal administratif de {city}.
line je soussigné {person}, né le {birth} à {city}, certifie sur l'honneur {héberger|résider avec|connaître} {person}.
line la présente attestation est délivrée à l'intéressé pour servir et valoir ce que de droit.
line vous êtes {convoqué|attendu|invité} le {date} à {hour} dans nos {bureaux|locaux}, {street}, {city}.
line la {préfecture|mairie|caisse d'allocations familiales|sous-préfecture|région|chambre des métiers} de {city} vous accueille.
line {le droit vous est ouvert|vos droits seront étudiés} à compter du {date} sous réserve de {vos ressources|la loi}.
end {La cheffe de bureau|Le directeur|Pour le maire, l'adjoint|L'agent comptable|Le préfet}
[resignation]
title démission; lettre de démission; démission de mon poste de {job}; rupture de la période d'essai; départ à la retraite
line je vous {informe|notifie} par la présente de ma décision de démissionner de mes fonctions de {job} exercées depuis le {date}.
line mon contrat prendra fin à l'issue d'un préavis de {1-3} mois, soit le {date}.
line je souhaite être dispensé d'effectuer mon préavis {si cela est possible|pour raisons familiales}.
line lors de mon départ, je vous saurai gré de me remettre {un certificat de travail|le solde de tout compte|une attestation
 France Travail}.
line je vous remercie pour {ces années|la confiance accordée|l'expérience acquise} au sein de {firm}.
[insurance_letter]
title {votre échéancier de cotisations|attestation d'assurance|carte de tiers payant|résiliation de votre contrat}
title {déclaration de sinistre|relevé de remboursements|votre garantie santé|attestation de responsabilité civile}
field Numéro d'adhérent = {number}
field N° de contrat = {code}
field Sinistre du = {date}
field Assuré = {person}
field Formule = {Essentielle|Confort|Tous risques|Sérénité}
field Franchise = {amount}
field Véhicule = {Renault Clio|Peugeot 208|Citroën C3|scooter}
line votre {mutuelle|assureur|complémentaire santé} vous rembourse {les soins dentaires|l'optique|l'hospitalisation} à {50-400} %.
line nous avons enregistré votre déclaration {du {date}|de sinistre} relative à {un dégât des eaux|un vol|un bris de glace}.
line la garantie {prend effet|cesse} le {date} ; la cotisation mensuelle s'élève à {amount}.
line un expert vous contactera pour {évaluer les dommages|fixer une visite|constater les dégâts}.
line nous attestons que {person} est {titulaire|bénéficiaire} d'un contrat multirisque habitation en cours de validité.
item {prise en charge des consultations|bris de glace|assistance rapatriement|chambre particulière|vol et incendie}
end {Votre conseiller|Le gestionnaire|La direction des prestations}
[employment_contract]
title contrat de travail {à durée indéterminée|à durée déterminée}; {avenant au contrat de travail|contrat d'apprentissage}
head {engagement|période d'essai|fonctions|durée du travail|rémunération|congés payés|confidentialité|clause de non-concurrence}
head {lieu de travail|mutuelle et prévoyance|rupture du contrat|obligations du salarié|convention collective|télétravail}
field L'employeur = {firm}
field Le salarié = {person}
field Née le = {birth}
field N° de sécurité sociale = {1-2} {50-99} {10-12} {10-95} {100-900} {100-900}
field Demeurant = {address}
line entre les soussignés : la société {firm}, représentée par {person}, et {person}, demeurant {address}, il a été convenu.
line le salarié est engagé en qualité de {job}, {statut cadre|niveau {1-5}, coefficient {150-500}}, à compter du {date}.
line la durée hebdomadaire de travail est fixée à {20-39} heures, réparties du lundi au vendredi.
line le salarié percevra une rémunération brute mensuelle de {amount}, payable à la fin de chaque mois.
line le présent contrat ne deviendra définitif qu'à l'issue d'une période d'essai de {1-4} mois, renouvelable une fois.
line le salarié s'engage à {respecter le règlement intérieur|observer la plus grande discrétion|ne pas exercer d'autre activité}.
line la convention collective {de la métallurgie|du commerce|Syntec|de la restauration|des transports} est applicable.
end L'employeur, lu et approuvé; Le salarié, signature précédée de la mention « lu et approuvé »; paraphes
[temporary_contract]
title contrat de mission {temporaire|}; contrat de mise à disposition; mission n° {number}; contrat de travail temporaire
head motif du recours; caractéristiques du poste; {équipements de protection|rémunération|durée de la mission}
field Entreprise utilisatrice = {firm}
field Intérimaire = {person}
field Motif = {accroissement temporaire d'activité|remplacement d'un salarié absent}
field Qualification = {job}
field Début de mission = {date}
field Fin de mission = {date}
field Souplesse = du {date} au {date}
field Taux horaire = {sum}
field Horaires = {hour} - {hour}
field Lieu de la mission = {address}
field Indemnité de panier = {sum}
field Caisse de retraite = {Agirc-Arrco|Humanis|AG2R}
line l'agence d'intérim {firm} met à disposition {person} pour {la préparation de commandes|la conduite d'engins|la soudure}.
line l'indemnité de fin de mission est égale à 10 % de la rémunération brute ; l'indemnité compensatrice de congés payés à 10 %.
line l'embauche par l'entreprise utilisatrice à l'issue de la mission n'est pas interdite.
item {casque|chaussures de sécurité|gants|lunettes|gilet|harnais} fourni par {l'agence|le client}
end cachet de l'entreprise utilisatrice; signature de l'intérimaire; l'agence
[payslip]
title bulletin de {paie|salaire}; bulletin de paie - {month} {year}; fiche de paie
field Matricule = {number}
field Emploi = {job}
field Période = {month} {year}
field Salarié = {person}
field Employeur = {firm}
field Siret = {register}
field Code NAF = {1000-9900}Z
field Convention collective = {Syntec|métallurgie|commerce de détail|hôtels, cafés, restaurants}
field Entré le = {date}
field Net à payer avant impôt = {sum}
field Net payé = {sum}
field Congés acquis = {2-30}
field Cumul imposable = {sum}
field Heures = 151,67
columns Rubrique / Base / Taux / Part salarié / Part employeur
columns Éléments de paie / Base / Taux / À déduire / Charges patronales
row Salaire de base / 151,67 / {sum} / {sum} /
row Heures supplémentaires {125|150} % / {1-20} / {sum} / {sum} /
row Sécurité sociale plafonnée / {sum} / 6,90 / {sum} / {sum}
row Sécurité sociale déplafonnée / {sum} / 0,40 / {sum} / {sum}
row Complémentaire santé / {sum} / / {sum} / {sum}
row Assurance chômage / {sum} / 4,05 / / {sum}
row CSG déductible / {sum} / 6,80 / {sum} /
row CSG/CRDS non déductible / {sum} / 2,90 / {sum} /
row Retraite complémentaire tranche 1 / {sum} / 3,15 / {sum} / {sum}
row Allocations familiales / {sum} / 3,45 / / {sum}
row Prime {d'ancienneté|de fin d'année|de transport|exceptionnelle} / / / {sum} /
row Titres restaurant / {10-22} / {sum} / {sum} / {sum}
row Total des cotisations et contributions / / / {sum} / {sum}
row Impôt sur le revenu prélevé à la source / {sum} / {2-12},{10-90} / {sum} /
row Absence {maladie|congé sans solde} / {1-12} / / {sum} /
row Salaire brut / / / {sum} /
line dans votre intérêt et pour vous aider à faire valoir vos droits, conservez ce bulletin de paie sans limitation de durée.
line {virement le {date}|paiement par virement} ; plafond sécurité sociale {sum}.
[work_certificate]
title certificat de travail; attestation {d'emploi|employeur|de stage|de formation}; reçu pour solde de tout compte
line je soussigné {person}, {gérant|directrice|responsable des ressources humaines} de {firm}, certifie que {person} a été
 employé du {date} au {date} en qualité de {job}.
line {person} nous quitte libre de tout engagement.
line ce certificat est délivré pour {faire valoir ce que de droit|servir à l'intéressée}.
line le stagiaire a suivi {14-300} heures de formation intitulée « {word} {word} » avec {succès|assiduité}.
line j'ai reçu de {firm} la somme de {amount} pour solde de tout compte, {indemnités et primes|congés payés} compris.
end {Le gérant|La direction|Pour la société|Signature et cachet}
[memo]
title note {de service|d'information|interne}; à l'attention {du personnel|de tous}; communiqué; information aux {locataires|familles}
field De = {person}
field À = {tout le personnel|{person}|les chefs de service}
field Date = {date}
field Objet = {congés d'été|sécurité incendie|nouveaux horaires|parking|messagerie}
line à compter du {date}, {S} {V} {O}.
line il est rappelé que {le port du badge est obligatoire|le stationnement est interdit|la pause dure {10-45} minutes}.
line merci de {confirmer votre présence|respecter ces consignes|transmettre vos remarques} à {person} ({email}).
line la direction remercie chacun de {sa collaboration|son engagement|sa vigilance}.
end La direction; {person}; Le responsable {qualité|du site|technique}
[minutes]
title compte rendu de {réunion|l'assemblée générale|la réunion de chantier n° {2-60}}; procès-verbal {du conseil|de séance}
head ordre du jour; {approbation du précédent procès-verbal|rapport moral|budget prévisionnel|questions diverses|élections}
head {relevé de décisions|prochaine réunion|tour de table|actions à mener|participants|état d'avancement}
field Présents = {person}, {person}, {person}
field Excusés = {person}
field Secrétaire de séance = {person}
field Lieu = {salle du conseil|mairie|visioconférence|{city}}
field Ouverture de la séance = {hour}
line la séance est {ouverte|levée} à {hour} sous la présidence de {person}.
line {person} {indique|rappelle|demande|regrette|souligne|s'étonne} que {S} {V} {O}.
line la résolution est adoptée {à l'unanimité|par {5-90} voix contre {1-20}|à main levée}.
line {action|tâche} : {W} {O} - {person} - échéance {date}.
line la prochaine réunion se tiendra le {date} à {hour}.
row {W} {O} / {first} / {date} / {fait|en cours|à faire}
columns Action / Responsable / Échéance / État
item {point budgétaire|recrutement|travaux|communication|planning|fête annuelle|sinistre du parking}
end Le président; La secrétaire; Rédigé par {person}
[to_do]
title à faire; liste {de courses|des tâches|pour samedi}; courses; {month}; ne pas oublier !; vacances
item {lait|œufs|pain|beurre|tomates|pâtes|lessive|café|pommes de terre|yaourts|jambon|riz|éponges|croquettes|dentifrice}
item appeler {first|le plombier|le dentiste|l'école|maman|la banque} {avant {hour}|}
item {W} {O}
item {rdv|réunion} {person} {hour}
item {rendre les livres|arroser les plantes|payer la cantine|sortir les poubelles|acheter un cadeau|laver la voiture}
item {anniversaire de {first}|vidange|piscine|pharmacie|pressing|envoyer colis|imprimer les billets|photos d'identité}
line {merci !|urgent|tél {phone}|code {number}|bisous|clé chez la voisine}
[handwritten]
title {pour {first}|chère {first}|mémo|le {date}|message|mon journal}
line {first}, je suis {partie|passé|rentré} {à {hour}|ce matin|chez {first}}, {le repas est au frigo|rappelle-moi}.
line {merci pour|bravo pour} {ton accueil|les fleurs|la belle soirée|votre aide}. {G}
line il fait {beau|froid|très chaud} ici, {les enfants se baignent|on marche beaucoup|la maison est jolie}.
line {first} a appelé, {il faut le rappeler au {phone}|c'est urgent|rien de grave}.
line je pense {bien à vous|à toi}, {gros bisous|à très vite|prends soin de toi}. {first}
item {W} {O}
item {salad}
item {hour} : {W} {O}
"""
