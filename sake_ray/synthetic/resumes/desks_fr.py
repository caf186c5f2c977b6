"""What French CVs say of office, technical, creative and research jobs. = titles, * tasks, + skills, ^ diplomas."""

TRADES = """
= Développeur web; Développeuse full stack; Ingénieur logiciel; Développeur Java; Développeur mobile; Lead
  développeur; Architecte logiciel; Ingénieur DevOps; Testeur QA
* {Développement|Conception et développement|Refonte|Maintenance} {d'applications web|d'API REST|de
  microservices|d'un site e-commerce|d'une application mobile|du back-office} {en {tool}|sous {tool}|}
* {Mise en place|Automatisation|Administration} {de l'intégration continue|de tests unitaires|du déploiement|de
  conteneurs|du monitoring} {avec {tool}|: {tool}, {tool}|}
* {Revue de code|Méthode Scrum|Rédaction de documentation technique|Encadrement de {2-8} développeurs|Optimisation
  des requêtes SQL : gain de {10-80} %|Migration vers le cloud}
+ Java; Python; PHP Symfony; JavaScript; TypeScript; React; Angular; Vue.js; Docker; Kubernetes; Git; GitLab CI;
  PostgreSQL; MySQL; Linux; AWS; Spring Boot; HTML5 CSS3; Node.js; C#; .NET; Agile
^ Master Informatique; Diplôme d'ingénieur; DUT Informatique; BTS SIO option SLAM; Licence pro Développement web;
  Titre RNCP Concepteur développeur; Bachelor Informatique
= Administrateur systèmes et réseaux; Technicien informatique; Technicien support; Ingénieur réseaux;
  Administrateur bases de données; Consultant cybersécurité; Chef de projet informatique
* {Administration|Supervision|Installation|Migration} {des serveurs Windows|des serveurs Linux|du parc de {50-2000}
  postes|de l'Active Directory|des pare-feux|de la sauvegarde|VMware}
* {Support utilisateurs niveau {1|2|3}|Gestion des tickets GLPI|Dépannage matériel et logiciel|Audit de
  sécurité|Rédaction de procédures|Pilotage des prestataires|Plan de reprise}
+ Windows Server; Active Directory; Cisco; VMware; Linux Debian; PowerShell; GLPI; Office 365; TCP/IP; VPN;
  Fortinet; ITIL; Nagios; Bash; SQL Server; Azure; ISO 27001
^ BTS SIO option SISR; Licence pro Réseaux et télécoms; CCNA; ITIL Foundation; DUT Réseaux et télécommunications;
  Master Sécurité des systèmes d'information; AZ-104
= Data scientist; Data analyst; Data engineer; Doctorant; Chercheur; Ingénieur de recherche; Post-doctorante;
  Maître de conférences; Statisticien; Biologiste; Chimiste; Technicien de laboratoire
* {Modélisation|Analyse|Exploitation|Visualisation} {de données {clients|massives|de santé|de capteurs}|de séries
  temporelles|d'images par apprentissage profond} {avec {tool}|}
* {Encadrement d'étudiants|Enseignement de {64-192} heures|Rédaction d'articles scientifiques|Communication en
  conférence internationale|Dépôt de projet ANR|Conception d'expériences}
* {Culture cellulaire|Dosage par HPLC|PCR quantitative|Préparation d'échantillons|Microscopie|Analyses
  physico-chimiques|Validation de méthode|Développement d'un modèle prédictif}
+ Python; R; Pandas; scikit-learn; TensorFlow; SQL; Power BI; Tableau; LaTeX; MATLAB; SPSS; Spark; Statistiques;
  Machine learning; HPLC; PCR; Bonnes pratiques de laboratoire; ELISA
^ Doctorat; Master 2 Recherche; Thèse de doctorat en {physique|biologie|informatique|sociologie|chimie};
  Agrégation; Licence de mathématiques; BTS Analyses de biologie médicale; DUT Mesures physiques; ENSAE
= Comptable; Aide-comptable; Contrôleur de gestion; Gestionnaire de paie; Assistant comptable; Auditeur;
  Expert-comptable stagiaire; Chargé de recouvrement; Analyste financier; Trésorier
* {Saisie|Lettrage|Rapprochement} {des factures fournisseurs|des écritures comptables|bancaire|des comptes
  clients|des notes de frais}
* {Établissement|Préparation|Contrôle} {des déclarations de TVA|du bilan|de la liasse fiscale|de {30-400} bulletins
  de paie|de la DSN|des budgets|des tableaux de bord|du reporting mensuel}
* {Clôture mensuelle et annuelle|Relances clients|Analyse des écarts|Audit des comptes|Suivi de
  trésorerie|Règlement des fournisseurs|Immobilisations|Relation avec les commissaires aux comptes}
+ Sage 100; Cegid; EBP; SAP FI/CO; Excel avancé; Ciel Compta; Fiscalité; Normes IFRS; Silae; DSN; Rigueur;
  Confidentialité; Consolidation; Quadratus; Analyse financière
^ BTS Comptabilité et gestion; DCG; DSCG; DUT GEA; Master CCA; Bac pro Comptabilité; Licence pro Métiers de la
  paie; Bac STG; Titre professionnel Gestionnaire de paie
= Ingénieur mécanique; Ingénieur bureau d'études; Dessinateur projeteur; Ingénieur qualité; Ingénieur méthodes;
  Conducteur de travaux; Technicien qualité; Ingénieur process; Responsable maintenance; Architecte
* {Conception|Dimensionnement|Calcul de structures|Modélisation 3D} {de pièces mécaniques|d'outillages|de
  bâtiments|de systèmes embarqués|de réseaux hydrauliques} {sous {tool}|}
* {Suivi de chantier|Réponse aux appels d'offres|Rédaction de cahiers des charges|Gestion du budget de {50-900}
  k€|Planification|Amélioration continue|Analyse AMDEC|Audits qualité|Essais}
* {Réduction|Optimisation} {des coûts de {5-40} %|des temps de cycle|des rebuts|du taux de panne} {par {le Lean|la
  méthode SMED|les 5S|un plan d'action}|}
+ SolidWorks; CATIA V5; AutoCAD; Revit; ANSYS; MS Project; Lean manufacturing; Six Sigma; ISO 9001; AMDEC;
  SketchUp; GPAO; Résistance des matériaux; Automatisme; HSE; ArchiCAD
^ Diplôme d'ingénieur Arts et Métiers; INSA Génie mécanique; DUT Génie mécanique et productique; BTS Conception de
  produits industriels; Master Génie civil; CPGE PTSI; Licence pro Qualité; DE Architecture
= Commercial; Attaché commercial; Chargé de clientèle; Technico-commercial; Responsable commercial; Chef des
  ventes; Téléconseiller; Conseiller bancaire; Agent immobilier; Acheteur; Business developer
* {Prospection|Fidélisation|Développement} {téléphonique|d'un portefeuille de {40-600} clients|terrain|grands
  comptes|B to B|du chiffre d'affaires de {5-60} %}
* {Négociation des contrats|Élaboration de devis|Suivi des ventes|Atteinte de {95-140} % des
  objectifs|Participation aux salons|Gestion des appels entrants|Visites de biens|Montage de dossiers de
  crédit|Sourcing fournisseurs}
+ Négociation; Prospection; CRM Salesforce; Gestion de portefeuille; Persuasion; Vente B to B; Appels d'offres;
  Anglais commercial; Closing; Excel; Reporting; Goût du challenge
^ BTS NRC; DUT Techniques de commercialisation; Bachelor Commerce; Master Marketing et vente; École supérieure de
  commerce; BTS Banque; BTS Professions immobilières; Bac pro Vente
= Chef de projet; Responsable marketing; Chargée de communication; Community manager; Graphiste; Directeur
  artistique; UX designer; Webdesigner; Journaliste; Photographe; Chef de produit; Traductrice
* {Création|Réalisation|Conception} {de supports de communication|de maquettes|d'identités visuelles|de
  newsletters|de campagnes publicitaires|de visuels pour les réseaux sociaux|de parcours utilisateurs}
* {Animation des réseaux sociaux : +{10-300} % d'abonnés|Rédaction d'articles|Organisation d'événements|Relations
  presse|Pilotage d'un budget de {20-500} k€|Études de marché|Référencement naturel|Montage vidéo}
+ Photoshop; Illustrator; InDesign; Figma; Canva; Suite Adobe; WordPress; SEO; Google Analytics; After Effects;
  Premiere Pro; Rédaction web; Mailchimp; Créativité; Gestion de projet
^ BTS Communication; Bachelor Design graphique; Master Communication; Licence Information-communication; DUT MMI;
  École des Beaux-Arts; MANAA; DNMADE; École de journalisme
= Responsable ressources humaines; Chargé de recrutement; Directeur de magasin; Responsable logistique; Directeur
  général; Chef d'équipe; Responsable de production; Juriste; Avocat; Directeur financier; Formateur
* {Management d'une équipe de {3-120} personnes|Encadrement de {2-40} collaborateurs|Recrutement de {10-150}
  personnes par an|Conduite d'entretiens|Élaboration du plan de formation|Relations avec les partenaires sociaux}
* {Pilotage de la performance|Gestion du compte d'exploitation|Définition de la stratégie|Animation de
  réunions|Suivi des indicateurs|Gestion des plannings|Conduite du changement}
* {Rédaction de contrats|Veille juridique|Conseil aux opérationnels|Gestion des contentieux|Conception de modules
  de formation|Évaluation des stagiaires|Négociations annuelles}
+ Management; Droit du travail; Recrutement; Leadership; Conduite du changement; GPEC; Gestion budgétaire; Prise de
  décision; Droit des contrats; Pédagogie; Tableaux de bord; SIRH
^ Master Ressources humaines; Master Droit des affaires; MBA; Licence RH; CAPA; École de commerce, programme grande
  école; Licence AES; Sciences Po; Master Management; IAE
= Professeur; Enseignant; Éducateur spécialisé; Assistante sociale; Pharmacien; Préparatrice en pharmacie; Médecin;
  Kinésithérapeute; Psychologue; Bibliothécaire; Conseiller d'insertion; Guide touristique
* {Enseignement|Préparation de cours|Suivi pédagogique|Correction|Accompagnement} {des élèves de
  {6e|terminale|primaire}|de {15-35} élèves|de publics en difficulté|de mathématiques|de français langue étrangère}
* {Délivrance des ordonnances|Consultations|Bilans et rééducation|Entretiens individuels|Montage de dossiers
  sociaux|Projets éducatifs|Visites guidées|Catalogage|Ateliers d'insertion}
+ Pédagogie; Écoute active; Animation de groupe; Travail en réseau; Gestion de conflits; Conseil pharmaceutique;
  Patience; Outils numériques; Rédaction d'écrits professionnels
^ Master MEEF; CAPES; CRPE; Diplôme d'État d'éducateur spécialisé; DEASS; Doctorat en pharmacie; BP Préparateur en
  pharmacie; Master Psychologie; Licence Lettres modernes; DUT Carrières sociales
"""
