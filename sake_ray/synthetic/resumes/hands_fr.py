"""What French CVs say of manual, care, sales and service jobs: = titles, * tasks, + skills, ^ diplomas."""

TRADES = """
= Préparateur de commandes; Cariste; Magasinier; Agent logistique; Manutentionnaire; Préparatrice de commandes;
  Cariste magasinier; Agent de quai; Réceptionnaire
* {Préparation de commandes|Préparer les commandes} {au scan|à la voix|vocale|en drive|en chambre froide|avec
  productivité de {90-220} colis/h}
* {Conduite de|Conduire des} {chariots élévateurs|chariots CACES {1|3|5}|transpalettes électriques|gerbeurs} {en
  entrepôt|sur quai|en extérieur|}
* {Réception|Contrôle|Déchargement} {des marchandises|des camions|des containers|des palettes} et {saisie
  informatique|rangement en rack|étiquetage|filmage}
* {Gestion des stocks|Inventaire {tournant|annuel|}|Approvisionnement des lignes|Chargement et déchargement de
  camions|Mise en rayon|Emballage et palettisation}
+ CACES R489 1, 3, 5; Scan et PDA; WMS; Port de charges; Inventaire; Lecture de bons de livraison; Filmage; Travail
  en équipe 2x8; Gestes et postures; Rapidité; SAP
^ CACES R489 catégories 1-3-5; CAP Opérateur logistique; Bac pro Logistique; Titre professionnel Préparateur de
  commandes; CACES 1B; BEP Logistique et commercialisation
= Hôtesse de caisse; Employé libre-service; Caissière; Vendeuse; Vendeur en prêt-à-porter; Conseillère de vente;
  Employé polyvalent; Équipier de vente
* {Accueil|Accueillir} {et conseil des clients|la clientèle|et fidélisation de la clientèle|client et renseignement}
* {Encaissement|Encaisser les achats|Tenue de caisse|Ouverture et fermeture de caisse} {espèces, chèques et
  cartes|avec fond de caisse de {150-500} euros|}
* {Mise en rayon|Réassort|Facing|Étiquetage|Rotation des produits|Merchandising} {du rayon
  {frais|épicerie|textile|fruits et légumes|bazar}|et gestion des dates}
* {Vente de|Vente et conseil en} {chaussures|cosmétiques|pains et viennoiseries|téléphonie|bijoux}, {panier moyen
  en hausse de {5-30} %|atteinte des objectifs|ventes additionnelles}
+ Encaissement; Relation client; Mise en rayon; Techniques de vente; Sens de l'accueil; Gestion des réclamations;
  Inventaire; Fidélisation; Terminal de paiement; Ponctualité
^ BEP Vente action marchande; Bac pro Commerce; CAP Employé de commerce multi-spécialités; BTS Management
  commercial opérationnel; Bac STMG; BTS NDRC
= Infirmière; Infirmier diplômé d'État; Aide-soignante; Aide-soignant; Auxiliaire de vie; Aide à domicile; Agent de
  service hospitalier; Auxiliaire de puériculture; Ambulancier
* {Soins d'hygiène et de confort|Aide à la toilette|Aide au lever et au coucher|Aide à la prise des repas} {des
  résidents|des patients|des personnes âgées dépendantes|}
* {Administration des traitements|Prise de constantes|Pansements|Injections|Prélèvements sanguins|Surveillance des
  perfusions} {selon prescription|en service de {chirurgie|cardiologie|gériatrie|urgences}|}
* {Transmissions|Tenue du dossier de soins|Travail en équipe pluridisciplinaire|Accompagnement de fin de
  vie|Accueil des familles}
* {Entretien du linge et du logement|Accompagnement aux courses|Bionettoyage des chambres|Animation d'ateliers mémoire}
+ Soins infirmiers; Hygiène hospitalière; Écoute; Empathie; Alzheimer; Gestes d'urgence AFGSU 2; Manutention des
  malades; Transmissions ciblées; Travail de nuit; Bientraitance
^ Diplôme d'État d'infirmier; Diplôme d'État d'aide-soignant; DEAES; AFGSU niveau 2; Bac pro ASSP; BEP Carrières
  sanitaires et sociales; CAP Petite enfance; DU Soins palliatifs
= Électricien; Électricien du bâtiment; Électricienne; Monteur câbleur; Électrotechnicien; Technicien de
  maintenance; Électromécanicien; Frigoriste
* {Tirage de câbles|Pose de chemins de câbles|Raccordement d'armoires|Câblage de tableaux électriques|Saignées et
  encastrement} {dans le tertiaire|en neuf et rénovation|sur chantier|}
* {Maintenance préventive et curative|Dépannage|Diagnostic de pannes} {des lignes de production|d'installations|sur
  automates|de pompes à chaleur}
* {Lecture de plans et schémas|Mise en service|Mise en conformité NF C 15-100|Consignation|Essais et contrôles}
+ Habilitations B1V BR BC; Schémas électriques; Courant fort et faible; Domotique; Pneumatique; Automates Siemens;
  Soudure; GMAO; Travail en hauteur; Nacelle CACES R486
^ CAP Électricien; BEP Électrotechnique; Bac pro MELEC; BTS Électrotechnique; Habilitation électrique BR; Bac pro
  MEI; BTS Maintenance des systèmes; Titre pro Électricien d'équipement
= Cuisinier; Commis de cuisine; Chef de partie; Second de cuisine; Plongeur; Serveur; Serveuse; Barman; Pizzaïolo;
  Employé de restauration; Boulanger; Pâtissière; Chef de rang
* {Préparation|Élaboration|Dressage} {des entrées froides|des plats chauds|des desserts|de {50-400} couverts par
  jour|des menus du jour}
* {Service en salle|Prise de commandes|Mise en place|Service au bar|Encaissement des additions} {de {30-150}
  couverts|en terrasse|banquets et séminaires|}
* {Respect des normes HACCP|Nettoyage de la cuisine|Plonge|Gestion des stocks et des commandes|Contrôle des
  températures|Pétrissage et cuisson du pain}
+ HACCP; Cuisson; Dressage; Cuisine traditionnelle; Pâtisserie; Résistance au stress; Service à l'assiette; Travail
  en coupure; Gestion des commandes; Cocktails; Œnologie
^ CAP Cuisine; BEP Hôtellerie restauration; Bac pro Cuisine; BTS Hôtellerie; CAP Pâtissier; Formation HACCP; CAP
  Boulanger; Mention complémentaire Dessert de restaurant; CQP Serveur
= Chauffeur livreur; Chauffeur poids lourd; Conducteur routier; Conducteur de bus; Livreur; Chauffeur SPL;
  Coursier; Conducteur receveur; Chauffeur VTC
* {Livraison de|Enlèvement et livraison de} {colis|produits frais|meubles|matériaux|médicaments} {en tournée de
  {20-120} points|en Île-de-France|express|en hayon}
* {Conduite de|Conducteur} {véhicule léger|porteur 19 T|semi-remorque|benne|frigo|autocar} {en national|en
  régional|de nuit|international|}
* {Chargement et arrimage|Gestion des documents de transport|Respect de la réglementation sociale|Contrôle du
  véhicule|Vente de titres de transport|Relation clients}
+ Permis B; Permis C; Permis CE; FIMO; FCO; Carte conducteur; ADR; Chronotachygraphe; Lecture de plan;
  Éco-conduite; Hayon; Sens de l'orientation; Capacité de transport
^ Permis C, CE et D; FIMO marchandises; FCO à jour; Titre professionnel Conducteur routier; CAP Conducteur routier;
  ADR de base; Carte VTC
= Hôtesse d'accueil; Réceptionniste; Standardiste; Agent d'accueil; Assistante administrative; Secrétaire;
  Secrétaire médicale; Assistante de direction; Assistant RH
* {Accueil physique et téléphonique|Gestion du standard {{3-20} lignes|multilignes|}|Accueil des visiteurs|Filtrage
  des appels}
* {Gestion des plannings|Gestion du courrier|Prise de rendez-vous|Organisation des déplacements|Rédaction de
  comptes rendus|Classement et archivage|Commandes de fournitures}
* {Saisie|Mise à jour} {des dossiers|de la base de données|des devis|des contrats|des notes de frais} {sous
  Excel|sur logiciel métier|sur SAP|}
+ Pack Office; Word, Excel, PowerPoint; Outlook; Orthographe; Sens de l'organisation; Discrétion; Standard; Frappe
  rapide; Anglais courant; Rédaction; Accueil; Doctolib; Sage
^ BTS Assistant de manager; Bac pro Gestion administration; BEP Métiers du secrétariat; BTS Support à l'action
  managériale; Titre professionnel Secrétaire assistant; BTS Tourisme
= Agent de sécurité; Agent de prévention et de sécurité; SSIAP 1; Rondier; Agent cynophile; Chef d'équipe sécurité;
  Agent de sûreté
* {Surveillance|Contrôle d'accès|Rondes|Filtrage} {du site|des entrées|de nuit|vidéo|des visiteurs et véhicules|en
  magasin}
* {Intervention|Levée de doute|Rédaction de rapports|Gestion des alarmes|Prévention des vols|Sécurité incendie
  ERP|Secours à personnes|Palpation}
+ Carte professionnelle CNAPS; SSIAP 1; SST; Main courante; Vidéosurveillance; Gestion des conflits; Vigilance;
  Maîtrise de soi; Rondes; H0B0
^ CQP APS; SSIAP 1; SST; Carte professionnelle; CAP Agent de sécurité; BP Métiers de la sécurité; Titre APS
= Agent de production; Opérateur de production; Ouvrier d'usine; Conducteur de ligne; Opérateur de conditionnement;
  Monteur; Soudeur; Opérateur sur commande numérique; Tourneur fraiseur; Régleur
* {Approvisionnement|Conduite|Réglage|Surveillance|Nettoyage} {de la ligne|de la machine|des postes|d'une ligne de
  conditionnement|de presses à injecter}
* {Assemblage|Montage|Contrôle qualité|Conditionnement|Mise en carton|Étiquetage} {de pièces|de
  sous-ensembles|automobiles|de produits cosmétiques|agroalimentaires|en salle blanche}
* {Soudage TIG|Soudage MIG-MAG|Ébavurage|Usinage|Lecture de plan|Tri des pièces défectueuses|Respect des
  cadences|Changement de format}
+ Travail à la chaîne; 3x8; Contrôle visuel; Métrologie; Pied à coulisse; 5S; Lecture de plans; TIG, MIG, ARC;
  Cadence; Polyvalence; Pont roulant; Fanuc; Lean
^ Bac pro Pilote de ligne de production; CAP Soudeur; BEP Productique mécanique; Bac pro Technicien d'usinage; CQP
  Conducteur de ligne; BEP MPMI; Licence de soudure; CAP Chaudronnier
= Maçon; Maçon coffreur; Peintre en bâtiment; Plombier chauffagiste; Carreleur; Plaquiste; Menuisier; Couvreur;
  Manœuvre; Conducteur d'engins; Chef d'équipe BTP; Façadier
* {Coffrage|Ferraillage|Coulage de béton|Montage de murs en parpaings|Pose de bordures|Réalisation
  d'enduits|Fondations} {sur chantier|maisons individuelles|logements collectifs|}
* {Pose de|Rénovation de} {carrelage|cloisons en placo|parquet|charpente|sanitaires|faux plafonds|papier
  peint|canalisations|menuiseries} {neuf et rénovation|}
* {Préparation du chantier|Montage d'échafaudage|Nettoyage du chantier|Lecture de
  plan|Terrassement|Démolition|Conduite de mini-pelle|Application des consignes de sécurité}
+ Lecture de plan; Coffrage traditionnel; Échafaudage; CACES R482; Travail en hauteur; Étanchéité; Traçage; AIPR;
  Bétonnage; Outillage électroportatif; Plomberie cuivre et PER
^ CAP Maçon; BEP Gros œuvre; CAP Peintre applicateur de revêtements; CAP Installateur sanitaire; BP Plomberie; Bac
  pro TBORGO; Titre pro Plaquiste; CACES R482 A; AIPR opérateur
= Agent d'entretien; Agent de propreté; Femme de chambre; Technicien de surface; Chef d'équipe propreté; Employé de
  ménage; Gouvernante; Lingère; Agent de nettoyage industriel
* {Nettoyage|Entretien} {des bureaux|des sanitaires|des chambres|de {12-24} chambres par jour|des vitres|des
  parties communes|des sols à l'autolaveuse|des écoles}
* {Utilisation de la monobrosse|Dosage des produits|Évacuation des déchets|Réapprovisionnement des
  consommables|Changement du linge|Repassage|Tri sélectif|Contrôle des chambres}
+ Monobrosse; Autolaveuse; Bionettoyage; Vitrerie; Repassage; Autonomie; Discrétion; Produits d'entretien; Remise
  en état; Ponctualité; Travail tôt le matin
^ CAP Agent de propreté et d'hygiène; CQP Agent machiniste; Bac pro Hygiène propreté stérilisation; Titre pro Agent
  de propreté; BEP Bioservices
= Mécanicien automobile; Carrossier peintre; Mécanicien poids lourds; Jardinier paysagiste; Ouvrier agricole;
  Coiffeuse; Esthéticienne; Boucher; Assistante maternelle; Animateur; ATSEM; Chef de chantier
* {Vidange et révision|Diagnostic électronique|Changement de pneus|Réparation de carrosserie|Remplacement de kit de
  distribution|Freinage} {toutes marques|véhicules légers|}
* {Tonte|Taille|Plantation|Cueillette|Vendanges|Traite|Récolte de
  {pommes|fraises|légumes}|Arrosage|Débroussaillage} {et entretien des espaces verts|saisonnier|}
* {Coupe et brushing|Soins du visage|Épilation|Découpe de viande|Animation d'activités|Accompagnement des enfants
  {de 3 à 6 ans|}|Aide aux devoirs|Préparation des ateliers}
+ Mécanique générale; Valise diagnostic; Élagage; Tracteur; Certiphyto; Coloration; Patience; Créativité; Permis
  BE; Jeux éducatifs; BAFA; Découpe; Conseil beauté; Bricolage
^ CAP Maintenance des véhicules; Bac pro Aménagements paysagers; CAP Coiffure; CAP AEPE; BAFA; CAP Boucher; BEPA;
  CAP Esthétique; Certiphyto; PSC1; CAP Carrosserie
"""
