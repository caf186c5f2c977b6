"""The words French invoices are labelled with."""

WORDS = """
title: Facture; Facture; FACTURE; FACTURE; FACTURE; Facture de vente; FACTURE CLIENT; Facture de prestation; Note
  d'honoraires; FACTURE DE DOIT; Votre facture;
  Facture acquittée; Facture de solde; Facture d'acompte; Facture définitive; Relevé de facture; Note de frais et
  honoraires; Facture électronique; Duplicata de facture
number: Facture n°; Facture N°; N° de facture; N° facture; Numéro de facture; Numéro; Facture numéro; N° Pièce;
  Réf. facture; Référence; FACTURE N°; Numéro de pièce; N°
date: Date; Date de facturation; Date de facture; Date facture; Date d'émission; Émise le; Facturé le; Date
  d'édition; En date du; Établie le; Date de la facture
due: Date d'échéance; Échéance; À payer avant le; Échéance le; Date limite de paiement; Paiement avant le; Date de
  règlement; À régler avant le; Échéance de paiement
bill_to: Client; Facturé à; Adresse de facturation; Destinataire; Doit; Facturer à; À l'attention de; Adressé à;
  Acheteur; Coordonnées client; Votre adresse; Adresse client
ship_to: Livré à; Adresse de livraison; Lieu de livraison; Livraison; Adresse du chantier; Chantier; Lieu
  d'exécution; Lieu d'intervention; Expédié à
seller: Vendeur; Émetteur; Prestataire; Fournisseur; De; Vos contacts; Société
customer: N° client; Code client; Numéro de client; Compte client; Réf. client; Référence client; Votre n° client;
  Client n°; Identifiant client; N° de compte
order: N° de commande; Bon de commande; Commande n°; Votre commande; Réf. commande; Commande du; N° BC; Bon de
  livraison; BL n°; Devis n°; N° de devis; Votre référence; Marché n°
contact: Contact; Affaire suivie par; Votre interlocuteur; Commercial; Vendeur; Dossier suivi par; Représentant;
  Votre conseiller
description: Désignation; Désignation; Description; Libellé; Désignation des prestations; Prestation; Article;
  Produit; Nature des travaux; Détail; Intitulé; Objet; Produits et services
reference: Réf.; Référence; Code; Code article; Réf; Article; N°; Code produit; Réf. article
quantity: Qté; Qté; Quantité; Quantité; Qté.; Nombre; Nb; Qte; Nb heures; Nb jours; Quantités
unit: Unité; Un.; U; UV; U.
price: Prix unitaire; P.U. HT; PU HT; Prix unitaire HT; P.U.; Prix U. HT; PU; Tarif; Tarif HT; Prix HT; P.U. € HT;
  Taux horaire; Prix unit.
discount: Remise; Rem. %; Remise %; R%; % Rem
rate: TVA; TVA %; % TVA; Taux TVA; Code TVA; Taux de TVA; T.V.A.
amount: Montant HT; Montant; Total HT; Total; Montant € HT; Montant TTC; Prix total HT; Total ligne; Montant H.T.;
  Total H.T.; Net HT
subtotal: Total HT; Sous-total; Total hors taxes; Montant total HT; Sous-total HT; TOTAL H.T.; Base HT; Total brut
  HT; Total net HT; Montant HT; TOTAL HT
tax: TVA; TVA; Montant TVA; Total TVA; T.V.A.; TVA à; Montant de la TVA; dont TVA; TVA collectée
total: Total TTC; TOTAL TTC; Net à payer; NET À PAYER; Montant TTC; Total à payer; Montant total TTC; Montant à
  payer; Net à payer TTC; Total T.T.C.; TOTAL; À payer; Total général TTC
paid: Acompte versé; Acompte; Déjà réglé; Montant réglé; Acompte perçu; Acomptes; Règlement reçu; Déjà payé
balance: Reste à payer; Solde dû; Net à payer; Solde à régler; Reste dû; Solde; Montant restant dû; Net à payer en
  votre aimable règlement
shipping: Frais de port; Port et emballage; Frais de livraison; Transport; Participation aux frais d'envoi; Frais
  de déplacement; Port HT
reduction: Remise; Remise commerciale; Remise exceptionnelle; Rabais; Remise fidélité; Avoir déduit; Escompte
terms: Conditions de règlement; Conditions de paiement; Modalités de paiement; Mode de règlement; Règlement; Moyen
  de paiement; Mode de paiement; Délai de paiement; Paiement
bank: Coordonnées bancaires; RIB; Relevé d'identité bancaire; Domiciliation bancaire; Nos coordonnées bancaires;
  Banque; Domiciliation; Informations bancaires; Compte à créditer
iban: IBAN; IBAN; N° IBAN; Code IBAN; IBAN FR
bic: BIC; BIC; SWIFT; BIC/SWIFT; Code BIC
vat_number: N° TVA intracommunautaire; TVA intracommunautaire; N° TVA; N° de TVA; TVA Intracom.; N° TVA intra;
  Identifiant TVA; TVA Intra
register: SIRET; SIRET; N° SIRET; Siret; SIREN; N° SIREN; RCS; Siren
period: Période; Période de facturation; Période du; Période facturée; Mois de; Période de consommation; Facturation du
object: Objet; Objet; Concerne; Affaire; Dossier; Réf. dossier; Projet; Intitulé de la mission
phone: Tél.; Tél; Téléphone; Tel; Tél :; T.
email: E-mail; Email; Courriel; Mail; Mél; Adresse mail
page: Page; page; Page n°; Feuillet
carried: À reporter; Report; Sous-total page; Suite page suivante; Total à reporter
vat_base: Base HT; Montant HT; Base; HT; Base TVA
credit: Avoir; AVOIR; FACTURE D'AVOIR; Facture d'avoir; Note de crédit; Avoir sur facture; AVOIR CLIENT; Facture
  rectificative
credited: Avoir sur la facture n°; Facture d'origine; Facture annulée; Annule et remplace la facture; Référence
  facture initiale; Relatif à la facture
credit_total: Net à votre crédit; Total avoir TTC; Montant de l'avoir; À votre crédit; Total à rembourser; Montant
  remboursé; Net à déduire
proforma: Facture pro forma; FACTURE PROFORMA; Facture Pro-forma; Pro-forma; Facture proforma n°
deposit: Acompte de 30 % à la commande; Acompte à verser; Montant de l'acompte; Acompte demandé; 50 % à la commande
paid_stamp: PAYÉ; ACQUITTÉE; PAYÉE; RÉGLÉ; ACQUITTÉ LE; Facture acquittée; DUPLICATA; COPIE; BON À PAYER;
  COMPTABILISÉ; REÇU LE
thanks: Merci de votre confiance; Merci pour votre commande; Nous vous remercions de votre confiance; Avec nos
  remerciements; Merci de votre visite; À bientôt
"""
NOTES = """
En cas de retard de paiement, {une|il sera appliqué une} pénalité {égale à|de} {3 fois le taux d'intérêt
  légal|{8-15} % l'an} sera {exigible|appliquée}
Indemnité forfaitaire pour frais de recouvrement {en cas de retard de paiement :|de} 40 {€|euros}{ (art. L.441-10
  et D.441-5 du code de commerce)|}
{Pas d'escompte|Aucun escompte|Escompte : néant} {pour paiement anticipé|pour règlement anticipé|en cas de paiement
  comptant}
{TVA non applicable, art. 293 B du CGI|TVA non applicable, article 293 B du Code général des impôts}
{Règlement|Paiement|Merci d'effectuer le règlement} par {virement|chèque|carte bancaire|prélèvement} {à réception
  de facture|à {30|45|60} jours|à 30 jours fin de mois|sous {8|10|15|30} jours}
Paiement {comptant|à réception|à {30|45|60} jours date de facture|à 30 jours fin de mois le {10|15}|au plus tard le
  15 du mois}
{Réserve de propriété :|Clause de réserve de propriété :} {le vendeur reste propriétaire des marchandises jusqu'au
  paiement intégral|les marchandises restent notre propriété} {du prix|}
{Tout litige|En cas de litige, le litige} {relève|sera} de la compétence {exclusive|} du tribunal de commerce {de
  notre siège|de {Paris|Lyon|Lille|Nantes|Bordeaux}}
{TVA acquittée sur les débits|Option pour le paiement de la taxe d'après les débits|TVA acquittée sur les encaissements}
{Autoliquidation de la TVA|Autoliquidation}, {article 283-2 nonies du CGI|le preneur est redevable de la TVA}
Merci de {rappeler|joindre|préciser} {le numéro de facture|la référence|votre numéro de client} {lors de|avec}
  {votre règlement|votre paiement|tout paiement}
Veuillez libeller {vos chèques|tous les chèques} à l'ordre de notre société
{Dispensé d'immatriculation au registre du commerce et des sociétés|Membre d'une association agréée, le règlement
  par chèque est accepté}
Assurance {décennale|responsabilité civile professionnelle} n° {100000-999999} {souscrite auprès de|chez}
  {MAAF|AXA|Allianz|SMABTP|MMA}, {couverture France|zone géographique : France}
{Document à conserver 10 ans|Conservez cette facture, elle vous sera demandée pour la garantie|Garantie {1|2|3} ans
  pièces et main-d'œuvre}
Travaux réalisés dans un logement achevé depuis plus de deux ans, TVA à taux réduit {10|5,5} %
{Pour toute question|Une question} {concernant cette facture|sur votre facture} {, contactez|, appelez} {notre
  service client|notre service comptabilité|le service facturation}
{Prix nets|Nos prix s'entendent nets}, {éco-participation incluse|éco-contribution DEEE incluse|hors frais de port}
En votre aimable règlement, {veuillez agréer nos salutations distinguées|cordialement}
Arrêtée la présente facture à la somme de {cent|deux cents|mille deux cents|trois mille|quatre cent vingt}
  {euros|euros et trente centimes} {toutes taxes comprises|TTC}
Vous serez prélevé {automatiquement|} {le|autour du} {5|10|15|20} {du mois prochain|janvier|mars|juin|septembre}
  sur votre compte bancaire
Valeur en votre aimable règlement {selon nos conditions générales de vente|suivant conditions générales}
"""
TERMS = """Virement; Virement bancaire; Chèque; Prélèvement; Prélèvement SEPA; Carte bancaire; CB; Espèces; Traite;
    LCR; LCR à 60 jours; Comptant; À réception; À réception de facture
30 jours; 30 jours net; 30 jours fin de mois; 45 jours fin de mois; 60 jours; Virement à 30 jours; Chèque à réception;
    30 jours date de facture; PayPal; Paiement en ligne"""
