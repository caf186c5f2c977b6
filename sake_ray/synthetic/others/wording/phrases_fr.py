"""What are French sentences of any document made of?"""

TEXT = """
G {S} {V} {O}.; {S} {V} {O} {C}.; {I}, {S} {V} {O}.; {I}, {S} {V} {O} {C}.; {S} {V} {O}, {C}.; {S} {V} {O} et {V} {O}.
G {I}, {S} {V} {O}; {S} {V} {O} {C}, {mais|car|tandis que|alors que|donc|et} {S} {V} {O}.
G {Il faut|On peut|Nous devons|Vous pouvez|Il convient de|Elle veut|Ils souhaitent} {W} {O} {C}.
G {Pourquoi|Comment|Quand|Où} {W} {O} ?; N'oubliez pas de {W} {O}.; {W} {O} {C}.; {C}, {S} {V} {O}.
I en effet; par ailleurs; cependant; toutefois; ce matin; hier soir; depuis {month}; en {year}; d'après {person}
I selon les habitants; à {city}; malgré le froid; au début de l'été; pour cette raison; de plus; enfin; en outre
I dans ce cas; à notre grande surprise; une fois par semaine; la veille; pendant les vacances; à l'avenir; d'abord
I comme chaque année; en revanche; sans attendre; quelques jours plus tard; au premier trimestre; à long terme
S le conseil municipal; la commission; le directeur; l'association; {person}; {firm}; le comité; l'équipe; la mairie
S le voisin; un enfant; la vieille dame; le facteur; un pêcheur; la météo; l'entraîneur; le musée; la bibliothèque
S le ministre; un chercheur; l'université; le laboratoire; l'hôpital; une infirmière; le médecin; la patiente
S l'agriculteur; la forêt; le vent du nord; la rivière; un orage; le jardin; le chat; la lune; le vieux port
S l'usine; le moteur; la pompe; le capteur; le logiciel; le serveur; l'algorithme; la machine; l'appareil; le câble
S la banque; le marché; l'indice; la croissance; le budget; le rapport; l'enquête; la statistique; le bilan annuel
S l'assureur; le bailleur; le locataire; le salarié; l'employeur; le tribunal; l'avocate; la loi; l'article; le décret
S l'élève; la maîtresse; le proviseur; la classe; le club; l'orchestre; la chorale; le festival; le peintre; l'exposition
S le syndicat; la délégation; le préfet; la gendarmerie; le train; la gare; l'autobus; le cycliste; le projet; la réunion
S le résultat; l'hypothèse; l'expérience; la méthode; le modèle; l'échantillon; la température; le climat; l'océan
S la cuisinière; le boulanger; le vin; le fromage; la recette; le restaurant; l'artisan; le menuisier; la toiture
V examine; propose; adopte; refuse; prépare; découvre; observe; raconte; présente; soutient; améliore; protège; mesure
V étudie; finance; organise; transforme; traverse; cherche; oublie; attend; remplace; répare; explique; défend; décrit
V a publié; a vendu; a perdu; a retrouvé; a suivi; a choisi; a reçu; a construit; a quitté; a modifié; a contesté
V va ouvrir; doit fermer; peut réduire; veut visiter; devra signer; pourra consulter; semble aimer; compte rénover
V concerne; modifie; garantit; couvre; exclut; autorise; interdit; précise; contient; relie; alimente; surveille
V rappelait; portait; regardait; écoutait; gardait; craignait; espérait; cultivait; peignait; chantait; dessinait
O la place du village; les travaux de la rue principale; un nouveau règlement; les horaires d'ouverture; la cantine
O le programme de la saison; une exposition de photographies; les droits des usagers; la qualité de l'eau; une étude
O les conditions de travail; la sécurité des installations; le plan de formation; les congés annuels; un accord
O la consommation d'énergie; les déchets ménagers; un parc naturel; des arbres centenaires; les oiseaux migrateurs
O l'évolution des prix; le taux de chômage; les dépenses publiques; un excédent; des placements prudents; l'épargne
O la structure des protéines; un ensemble de données; la courbe de croissance; les propriétés du matériau; le virus
O le bouton de mise en marche; la vis de réglage; un joint d'étanchéité; le couvercle; les filtres; la notice; le voyant
O sa valise; une lettre oubliée; la maison de son enfance; un chemin de pierre; le silence; son manteau; les étoiles
O la finale du championnat; une victoire historique; les supporters; le maillot jaune; un match amical; le tournoi
O la toux; les douleurs; un traitement; l'ordonnance; la tension artérielle; les vaccins; une consultation; le dossier
O le contrat; la garantie; un sinistre; les obligations des parties; la clause; une résiliation; le préavis; le loyer
O une tarte aux pommes; du pain frais; les légumes du marché; un verre de cidre; la sauce; le dessert; des champignons
O la langue française; un poème; les mathématiques; la rentrée scolaire; le diplôme; les bourses; un voyage d'études
O une facture ancienne; un passeport périmé; le CV d'un candidat; la carte d'identité du titulaire; un justificatif
C dans un délai de {2-30} jours; avant le {date}; avec {person}; près de {city}; sans difficulté; chaque dimanche
C pour la première fois; au bord de la mer; en présence des élus; à partir de {hour}; depuis plus de {2-40} ans
C sous le regard des passants; avec patience; grâce aux bénévoles; malgré les critiques; par courrier recommandé
C à l'aide d'un tournevis; selon la norme en vigueur; dans la plupart des pays; chez les jeunes adultes; au printemps
C pour un montant de {amount}; à hauteur de {2-95} %; pour {2-900} personnes; sur {2-60} kilomètres; toute la nuit
C derrière la colline; entre deux averses; au fond du couloir; comme autrefois; en toute confiance; devant la gare
W préparer; vérifier; ouvrir; fermer; nettoyer; choisir; remplir; garder; éviter; changer; apporter; déposer; lire
W apprendre; partager; réserver; découvrir; soutenir; installer; brancher; relire; comparer; signaler; respecter
subject Objet : ; Objet : ; OBJET : ; Concerne : ; Réf. : ; Sujet :
dear Madame, Monsieur,; Monsieur,; Madame,; Cher Monsieur,; Chère Madame,; Bonjour,; Madame la Directrice,
dear Monsieur le Directeur,; Chers parents,; Cher client,; Chers collègues,; Bonjour {first},; Monsieur le Maire,
closing Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.; Cordialement,
closing Veuillez agréer, Monsieur, mes sincères salutations.; Bien à vous,; Avec nos remerciements,; Bien cordialement
closing Dans l'attente de votre réponse, recevez, Madame, mes respectueuses salutations.; Respectueusement,; À bientôt,
placed {city}, le {today}; Le {today}; Fait à {city}, le {today}; À {city}, le {today}; {today}; Fait le {today}
placed Fait en deux exemplaires à {city}, le {date}
department Service {client|des ressources humaines|juridique|technique|scolarité}; Direction {générale|régionale}
department À l'attention de {person}; Bureau {1-40}; Secrétariat; Pôle {enfance|emploi|logement|santé}
footer Page {1-3}; {firm} - {address} - {phone}; Document confidentiel; {site}; Page 1 sur {1-9}; Réf. {code}
footer Ne pas jeter sur la voie publique; Imprimé le {date}; Tous droits réservés; {firm} SIRET {register}; {code}
article Article; Article; Section; Chapitre; §
"""
