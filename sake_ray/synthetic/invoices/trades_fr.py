"""What French firms put on their invoices, trade by trade: one item a line, `@` its price range and units."""

TRADES = """
= Bâtiment
{Fourniture et pose|Pose} de {carrelage|parquet|faïence|plinthes|cloisons|faux plafond|placo BA13} {salle de
  bain|cuisine|séjour|chambre|étage|} @ 15-95 m²|ml|ens
{Dépose|Démolition} {de l'existant|cloison|chape|ancien carrelage|toiture} {et évacuation des gravats|} @ 90-900
  forfait|ens|m³
{Peinture|Mise en peinture} {murs et plafonds|façade|boiseries} {deux couches|finition satinée|mate} @ 9-35 m²
{Maçonnerie|Ragréage|Enduit|Coulage dalle béton|Ferraillage|Terrassement|Étanchéité toiture} @ 18-160 m²|h|m³|ens
{Menuiserie|Fenêtre PVC|Porte d'entrée|Volet roulant|Velux|Portail aluminium} {double vitrage|blanc|sur
  mesure|motorisé} @ 180-1900 u|pce
Échafaudage {location|montage et démontage} @ 150-1200 forfait|sem
Main-d'œuvre {compagnon|ouvrier qualifié|apprenti|chef d'équipe} @ 28-55 h
= Plomberie chauffage
{Remplacement|Installation|Dépannage} {chauffe-eau {150|200|300} L|chaudière gaz|WC suspendu|mitigeur|lavabo|pompe
  à chaleur|robinet thermostatique} @ 60-2900 u|ens
{Recherche de fuite|Débouchage canalisation|Désembouage circuit|Entretien annuel chaudière} @ 70-450 forfait|u
{Tube cuivre|Tube PER|Raccord laiton|Siphon|Joint|Coude PVC|Vanne} {Ø 12|Ø 16|DN 20|3/4} @ 1-24 m|u|pce
Déplacement {zone 1|zone 2|et diagnostic|} @ 25-90 forfait|u
= Électricité
{Pose|Fourniture} {prise 16A|tableau électrique {2|3} rangées|interrupteur va-et-vient|disjoncteur différentiel 30
  mA|spot LED|VMC} @ 12-480 u|pce
{Mise aux normes|Mise en conformité} {NF C 15-100|installation|du tableau} @ 200-1900 forfait|ens
{Câble|Gaine ICTA|Goulotte} {3G1,5|3G2,5|U1000 R2V 5G6|Ø 20} @ 1-9 m|ml
Tirage de {câbles|ligne|fibre} @ 4-20 ml|h
Borne de recharge {7|11|22} kW @ 650-1800 u
= Informatique
{Prestation|Mission} de {développement|conseil|maintenance|support|recette|cybersécurité|administration système}
  {Java|PHP|web|réseau|Windows|Linux|} @ 350-850 j|jour|jours
{Hébergement|Nom de domaine|Certificat SSL|Sauvegarde externalisée|Serveur dédié|Messagerie}
  {mensuel|annuel|{10|50|100} Go|} @ 8-180 mois|u|an
{Licence|Abonnement} {antivirus|logiciel de gestion|CRM|suite bureautique|caisse|paie} {{1-25} postes|par
  utilisateur|annuelle} @ 6-420 u|licence|mois
{Ordinateur portable|Écran {22|24|27} pouces|Disque SSD|Clavier sans fil|Imprimante laser|Câble RJ45|Souris
  optique|Station d'accueil|Barrette mémoire} @ 7-1200 u|pce
{Création|Refonte} {site internet|site vitrine|boutique en ligne|logo|charte graphique|maquette} @ 300-4500 forfait|u
{Intervention|Dépannage} sur site {du {1-28} mars|technicien|} @ 55-120 h|u
= Fournitures de bureau
{Ramette papier A4 80 g|Stylo bille bleu|Classeur à levier|Chemise cartonnée|Cartouche d'encre
  noire|Toner|Bloc-notes|Agrafeuse|Enveloppes C4|Post-it} {lot de {5-50}|boîte de {10|100}|} @ 1-95 u|lot|bte
{Fauteuil ergonomique|Bureau droit 160 cm|Caisson mobile|Armoire haute|Lampe LED|Table de réunion|Chaise visiteur}
  {gris|chêne|noir|} @ 45-680 u|pce
= Alimentation en gros
{Tomates|Pommes de terre|Carottes|Oignons|Poireaux|Salades|Courgettes|Pommes Golden|Bananes|Clémentines} {cat.
  I|cagette|sac {5|10|25} kg|bio|} @ 1-18 kg|colis|pce
{Filet de poulet|Steak haché|Saumon|Jambon blanc|Rôti de porc|Cabillaud|Merguez|Bavette} {surgelé|frais|s/vide|} @
  6-29 kg
{Beurre doux|Crème fraîche|Lait UHT|Emmental râpé|Camembert|Œufs|Mozzarella|Yaourt nature} {carton|x{6-24}|1 L|} @
  1-40 u|col|kg
{Farine T55|Huile de tournesol|Sucre|Riz long|Pâtes penne|Café moulu|Eau minérale|Vin rouge|Bière pression fût}
  {{5|10|25} kg|bouteille 75 cl|pack|1,5 L} @ 1-120 u|sac|col
= Restauration
{Menu du jour|Formule midi|Entrée plat|Plat du jour|Café gourmand|Dessert|Pizza reine|Entrecôte frites|Salade
  César|Verre de vin|Café|Eau gazeuse|Kir} @ 2-32 u|couv.
{Buffet|Cocktail|Plateau repas|Petit-déjeuner d'accueil|Pause café} {{10-80} personnes|dînatoire|séminaire} @ 8-45
  pers.|u
Service {en salle|maître d'hôtel|traiteur} @ 25-45 h
= Nettoyage
{Entretien|Nettoyage} {des locaux|bureaux|vitrerie|parties communes|moquette|sanitaires|fin de chantier|cage
  d'escalier} {mensuel|{1-5} passages par semaine|} @ 60-1400 mois|forfait|m²
{Sacs poubelle|Essuie-mains|Savon liquide|Papier hygiénique|Détergent sol} {carton|bidon 5 L|} @ 8-60 u|col
Sortie {et rentrée des containers|des conteneurs} @ 40-160 mois
= Travail temporaire
{Heures normales|Heures à 125 %|Heures de nuit|Heures sup. 150 %} {cariste|préparateur de
  commandes|manutentionnaire|maçon|agent de production} {semaine {1-52}|M. {last}|Mme {last}} @ 17-39 h|heures
{Indemnité de panier|Prime d'équipe|Indemnité de déplacement|Paniers repas|IFM ICCP} {semaine {1-52}|} @ 4-15 u|j
= Énergie
{Abonnement|Part fixe} {électricité|gaz naturel|{3|6|9|12} kVA|heures creuses} @ 6-35 mois
Consommation {heures pleines|heures creuses|base|gaz|kWh} {relevé|estimée|} @ 1-2 kWh
{Contribution tarifaire d'acheminement (CTA)|Taxe sur la consommation finale d'électricité|Accise sur
  l'électricité|TICGN} @ 2-40 u
= Eau
{Collecte et traitement des eaux usées|Distribution de l'eau|Abonnement compteur|Redevance pollution|Modernisation
  des réseaux|Part communale|Consommation} @ 1-60 m³|u
= Télécom
{Forfait mobile|Abonnement internet fibre|Box|Forfait {50|100|200} Go|Offre pro} {du {1-28}/0{1-9} au
  {1-28}/0{1-9}|sans engagement|} @ 5-60 mois|u
{Appels vers mobiles|Communications hors forfait|SMS surtaxés|Location d'équipement|Option TV|Numéros
  spéciaux|Roaming} @ 1-25 u
= Formation
{Formation|Stage|Session} {bureautique Excel|CACES R489|sécurité incendie|SST|habilitation
  électrique|management|anglais professionnel|WordPress|prise de parole} {{1-5} jours|{7|14|21|35} heures|intra} @
  180-1600 j|stagiaire|h|session
Frais {pédagogiques|de dossier|de déplacement formateur|d'inscription} @ 40-600 u|forfait
= Juridique comptable
{Honoraires|Provision sur honoraires|Consultation|Rédaction d'acte|Assignation|Audience de plaidoirie|Dossier
  divorce} {affaire {last}|dossier n° {1000-9999}|} @ 120-1800 u|h
{Tenue comptable|Établissement du bilan|Déclaration de TVA|Bulletins de paie|Secrétariat juridique|Liasse fiscale}
  {exercice 20{10-25}|mensuel|trimestriel} @ 20-1500 u|mois|forfait
Débours {et frais de greffe|timbres|huissier} @ 13-190 u
= Transport
{Transport|Livraison|Affrètement|Messagerie} {{city} - {city}|palette {80x120|}|camion 19 T|express|hayon} @ 35-980
  voyage|pal|u
{Taxe gazole|Surcharge carburant|Frais de douane|Attente au déchargement|Péages|Manutention|Assurance ad valorem} @
  5-160 u|%
{Course taxi|Transfert aéroport|Mise à disposition véhicule avec chauffeur} @ 25-280 u
= Automobile
{Vidange|Révision {30 000|60 000} km|Plaquettes de frein avant|Pneu 205/55 R16|Filtre à huile|Filtre
  habitacle|Batterie 70 Ah|Kit distribution|Parallélisme|Contrôle technique} @ 9-620 u|fft
Main-d'œuvre {mécanique T{1|2|3}|carrosserie|peinture} @ 48-95 h
Huile moteur {5W30|5W40|10W40} @ 8-16 L
= Santé
{Consultation|Séance de kinésithérapie|Soins infirmiers|Détartrage|Couronne céramique|Prothèse dentaire|Bilan
  orthophonique|Séance d'ostéopathie|Analyse biologique} @ 23-650 u|acte|séance
{Gants nitrile|Masques chirurgicaux|Compresses stériles|Fauteuil roulant|Lit médicalisé|Seringues|Gel
  hydroalcoolique|Monture optique|Verres progressifs} {boîte de 100|taille M|location|} @ 4-380 u|bte
= Imprimerie
{Impression|Tirage} {flyers A5|cartes de visite|affiches|brochure {8|16|24} pages|dépliants|bâche|catalogue}
  {quadri recto verso|couché {135|170|350} g|{500|1000|5000} ex.} @ 30-900 u|mille|ex
{Façonnage|Pelliculage mat|Infographie|BAT|Mise en page|Reliure} @ 20-260 forfait|u|h
= Espaces verts
{Tonte de pelouse|Taille de haie|Élagage|Abattage d'arbre|Débroussaillage|Plantation|Engazonnement|Évacuation
  déchets verts} @ 20-480 h|m²|ml|u
{Terreau|Rosier|Gazon en rouleau|Écorces de pin|Clôture grillage|Paillage} @ 4-70 u|sac|m²
= Sécurité
{Prestation|Vacation} {agent de sécurité|SSIAP 1|maître-chien|rondier} {jour|nuit|dimanche|} @ 19-34 h
{Télésurveillance|Extincteur|Maintenance alarme|Vérification annuelle|Caméra IP} @ 12-390 mois|u
= Événementiel
{Location|Mise à disposition} {salle|sonorisation|chapiteau|vaisselle|tables et
  chaises|vidéoprojecteur|véhicule|nacelle|mini-pelle|benne} {journée|week-end|{2-8} jours|} @ 40-1400 j|u|forfait
{Reportage photo|Animation DJ|Album photo|Tirage 20x30|Captation vidéo|Décoration florale} @ 25-1600 u|forfait
= Commerce
{Robe|Pantalon|Chemise|Pull|Baskets|Manteau|Chaussures de sécurité|Gilet haute visibilité|T-shirt coton|Écharpe}
  {taille {36|38|40|42|44}|noir|bleu marine|S|M|L|XL} @ 9-190 u|pce|paire
{Perceuse visseuse 18V|Vis inox|Boulon M8|Cheville|Peinture blanche 10 L|Marteau|Échelle|Disque à
  tronçonner|Silicone|Colle} @ 2-240 u|bte|pce
{Réfrigérateur|Lave-linge|Téléviseur|Aspirateur|Smartphone {64|128|256} Go|Coque|Micro-ondes|Cafetière|Console}
  {reconditionné|classe A|} @ 19-990 u
{Livre|Roman|Manuel scolaire|Cahier|Jeu de société|Bande dessinée} {broché|poche|} @ 4-39 ex|u
= Industrie
{Roulement à billes|Vérin pneumatique|Moteur asynchrone|Joint torique|Courroie|Capteur inductif|Électrovanne|Tôle
  inox|Tube acier|Palette Europe|Film étirable|Carton double cannelure} {réf. {100-999}{A|B|C|X}|Ø {10-80}|{2|3|5}
  mm|} @ 2-540 pce|u|kg|rlx
{Usinage|Traitement de surface|Découpe laser|Soudure TIG|Étude et plan|Contrôle dimensionnel} {selon plan|série
  {10-500}|} @ 25-380 h|pce|lot
= Immobilier
{Loyer|Provision pour charges|Honoraires de location|Frais d'état des lieux|Appel de fonds|Charges de
  copropriété|Honoraires de gestion|Dépôt de garantie} {{1|2|3|4}e trimestre|mois de mars|appartement T{1-5}|lot n°
  {1-90}|} @ 40-1600 u|mois
= Assurance et abonnements
{Abonnement|Réabonnement} {magazine|quotidien|revue professionnelle|édition numérique|presse} {12 numéros|6 mois|1
  an|{10-52} numéros} @ 19-290 u|an
{Cotisation|Adhésion|Insertion publicitaire|Annonce légale|Encart 1/4 page|Campagne d'affichage|Gestion réseaux
  sociaux} {annuelle|20{10-25}|} @ 30-1500 u|an
= Hôtellerie
{Nuitée|Chambre double|Chambre simple|Suite} {du {1-28}/0{1-9}|petit-déjeuner inclus|demi-pension|{1-4} nuits} @
  58-240 nuit|nuitée|u
{Petit-déjeuner|Taxe de séjour|Parking|Minibar|Room service|Dîner|Blanchisserie|Billet d'avion {city}|Assurance
  annulation} @ 1-180 u|pers.
= Traduction et conseil
{Traduction|Relecture|Rédaction d'articles|Transcription|Étude de marché|Audit
  qualité|Accompagnement|Coaching|Recrutement d'un {cuisinier|comptable|commercial}} {anglais-français|{500-9000}
  mots|ISO 9001|phase {1|2|3}|} @ 60-2400 j|mot|forfait|u
= Beauté et services
{Coupe femme|Coupe homme|Brushing|Couleur|Soin du visage|Manucure|Massage|Toilettage|Pension chien|Ménage à
  domicile|Garde d'enfants|Cours particuliers} @ 12-95 u|h
= Agriculture
{Paille|Foin|Aliment bétail|Semences de blé|Engrais azoté|Location tracteur|Moisson|Gazole non routier|Vaccination
  bovins} @ 2-420 t|L|ha|u
= Déchets
{Location benne|Enlèvement|Traitement} {DIB|gravats|bois|cartons|déchets dangereux|ferraille} {{8|15|30} m³|} @
  45-390 t|rotation|u
"""
