"""What the periodic bills of suppliers say beside their lines."""

from sake_ray.synthetic.people.phrases import split_list

SUPPLIES = {
    "fr": split_list("Énergie; Eau; Télécom; Télécom; Assurance et abonnements; Déchets"),
    "en": split_list("Energy and water; Energy and water; Telecom; Telecom; Subscriptions and media"),
}
REMARKS = {
    "fr": """
{Votre facture|Le montant de votre facture} {sera prélevé|sera débité} {le|à partir du} {date} {sur votre compte
  bancaire|}
{Votre prochaine facture|Prochain relevé} {vers le|autour du|le} {date}
{Service client|Service clients|Urgence dépannage|Assistance} : {0 800|09 69|3{2-9}} {100-999} {100-999} {(appel
  gratuit)|du lundi au samedi de 8h à 20h|(prix d'un appel local)}
{Votre contrat|Votre offre} : {Tarif bleu|Offre verte|Forfait pro|Tarif réglementé|Essentiel} {option base|heures
  creuses|sans engagement|}
{Point de livraison|Référence PDL|N° PCE|Point de référence} : {10000000-99999999}{100000-999999}
{Compteur|N° compteur|Matricule compteur} : {100-999} {Ancien index|Ancien relevé} {1000-4000} {Nouvel
  index|Nouveau relevé} {4001-9000} {Consommation|Conso} {100-3000} {kWh|m³}
{Évolution de votre consommation|Historique de consommation|Votre consommation en kWh|Suivi de consommation}
{Espace client|Votre espace en ligne|Retrouvez vos factures sur votre espace client|Connectez-vous à votre espace
  personnel}
{Ligne mobile|Ligne fixe|N° de ligne|Numéro d'appel} : 0{1-7} {10-99} {10-99} {10-99} {10-99}
{Lieu de consommation|Adresse desservie|Titulaire du contrat|Adresse d'installation}
{Solde de la facture précédente|Report du solde antérieur|Solde antérieur} : 0,00 €
{En cas de difficulté de paiement|Médiateur|Réclamation} : {contactez le fonds de solidarité logement|médiateur
  national de l'énergie|écrivez à notre service consommateurs}
Dont contribution au service public et taxes locales {1-40},{10-99} €
TIP SEPA - {date} {référence unique de mandat|RUM} {A|B}{100000-999999}
""",
    "en": """
{Your bill|The amount due} will be {paid by direct debit|collected|charged to your account} on {date}
{Next meter reading|Your next bill|Next bill date} {around|on or about} {date}
{Customer service|Customer Care|Emergency line|Questions about your bill? Call}
  {1-800|0800|1-866}-{100-999}-{1000-9999} {24 hours a day|Monday to Friday 8am to 8pm|}
{Your tariff|Rate schedule|Your plan|Service plan}: {Residential|Standard variable|Fixed 12 month|Small
  commercial|Unlimited|Economy 7}
{Meter number|Meter #|MPAN|MPRN|Meter serial}: {1000000-9999999} {Previous read|Previous reading} {1000-4000}
  {Current read|Present reading} {4001-9000} {Usage|Units used} {100-3000} {kWh|gallons|therms}
{Your usage history|Electricity usage|How your usage compares|Monthly usage comparison|Average daily use} {10-60}
  {kWh|gal}
{Service address|Supply address|Service location|Premises}
{Previous balance|Balance from last bill|Previous amount due}: $0.00 {Payment received|Payments - thank you}
{Phone line|Mobile number|Wireless number}: {200-999}-{100-999}-{1000-9999}
{Pay online|Register for paperless billing|Sign up for autopay|Manage your account online|View your bill at our website}
{Late payment charge after due date|A late fee of 1.5% may apply|If you are having trouble paying your bill, contact us}
{Please return this portion with your payment|Detach and return this stub|Amount enclosed} {$|}
{Summary of charges|Account summary|Billing summary|Your account at a glance|Current charges}
{Estimated reading|Actual reading|Days in billing period}: {28-33}
""",
}
REGIONS = split_list(
    """us-east-1; us-west-2; eu-west-1; eu-west-3; eu-central-1; ap-south-1; EU (Paris); Global; N. Virginia; Frankfurt;
    Asia Pacific; US East; Europe; Zone A"""
)
KINDS = split_list(
    """DataTransfer-Out-Bytes; BoxUsage:t3.medium; TimedStorage-ByteHrs; Requests-Tier1; On-Demand; Seat; API calls;
    Per user; vCPU-hours; Reserved; Build minutes; Emails sent"""
)
LETTERS = {
    "fr": """{Cher abonné|Chère abonnée|Madame, Monsieur|Bonjour}, {vous trouverez ci-dessous|veuillez trouver ci-joint}
        {la facture de|le détail de} {votre abonnement|votre cotisation|votre commande}.
        {Nous vous remercions de votre fidélité.|Votre abonnement arrive à échéance.|
        Profitez de {1|2|3} mois offerts en réglant aujourd'hui.|}""",
    "en": """Dear {subscriber|customer|member|Sir or Madam}, {please find below|here is}
        {the invoice for|your bill for} {your subscription|your membership|your order}.
        {Thank you for your continued support.|Your subscription is about to expire.|
        Renew today and save {10-50}%.|}""",
}
USAGE = {
    "fr": "Région; Usage; Service; Quantité; Tarif; Montant",
    "en": "Region; Usage type; Service; Usage quantity; Rate; Charge",
}
