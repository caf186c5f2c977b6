"""Small documents written by hand, for tests that need no file."""

from collections.abc import Sequence
from random import Random

from sake_ray.data.cleaning import CLEANING_VERSION, clean_words
from sake_ray.domain.texts import Box, DocumentText, Page, Recipe, Word, WordSource

RECIPE = Recipe("tesserocr", "5.3.0", "fra+eng", 1, CLEANING_VERSION)
A4, CARD = (1654, 2339), (1010, 638)

LINES: dict[str, tuple[str, ...]] = {
    "facture": (
        "FACTURE N° {number}\nDate de facture : {date}\nÉchéance : {date}",
        "Facturé à : {person}\nAdresse de facturation\n12 rue des Lilas 69003 Lyon",
        "Désignation Quantité Prix unitaire HT Montant HT\nMain d'œuvre 3 45,00 135,00\nFournitures 2 30,00 60,00",
        "Total HT {amount} €\nTVA 20 % {amount} €\nTotal TTC {amount} €\nNet à payer {amount} €",
        "Règlement par virement IBAN FR76 3000 4000 0312 3456 7890 143\nPénalités de retard : 3 fois le taux légal",
        "SIRET 443 061 841 00047 TVA intracommunautaire FR40443061841",
        "INVOICE No. {number}\nInvoice date: {date}\nDue date: {date}",
        "Bill to: {person}\nPurchase order 4711\nPayment terms: 30 days net",
        "Description Qty Unit price Amount\nConsulting 4 90.00 360.00\nTravel expenses 1 80.00 80.00",
        "Subtotal {amount}\nVAT 20% {amount}\nAmount due £{amount}",
        "Please pay by bank transfer quoting the invoice number. Sort code 20-00-00 Account 55779911",
    ),
    "id_pieces": (
        "RÉPUBLIQUE FRANÇAISE\nCARTE NATIONALE D'IDENTITÉ N° : {number}",
        "Nom : {person}\nPrénom(s) : CLAIRE, MARIE\nSexe : F Né(e) le : {date}\nà : NANTES (44)",
        "Taille : 1,68m\nSignature du titulaire",
        "IDFRADUPONT<<<<<<<<<<<<<<<<<<<<<440012\n8802443100125CLAIRE<<MARIE8803142F5",
        "Nationalité Française\nDate d'expiration {date}\nAutorité Préfecture de Loire-Atlantique",
        "PASSEPORT PASSPORT\nType P Code du pays FRA\nNo du passeport {number}",
        "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND\nPASSPORT Type P Code GBR Passport No. {number}",
        "Surname {person}\nGiven names JAMES\nNationality BRITISH CITIZEN\nDate of birth {date} Sex M",
        "Place of birth LEEDS\nDate of issue {date}\nDate of expiry {date}\nAuthority HMPO",
        "P<GBRSMITH<<JAMES<<<<<<<<<<<<<<<<<<<<<<<<<<<\n5127346918GBR8805123M2909144<<<<<<<<<<<<<<04",
    ),
    "resume": (
        "CURRICULUM VITAE\n{person}\nPermis B - célibataire\nTél. 06 12 34 56 78",
        "EXPÉRIENCE PROFESSIONNELLE\n2019-2023 Comptable, cabinet Durand, Lyon\n2015-2019 Aide-comptable, Grenoble",
        "FORMATION\n2014 BTS comptabilité et gestion\n2012 Baccalauréat professionnel, mention bien",
        "COMPÉTENCES\nExcel, Word, Sage, travail en équipe, rigueur, sens de l'organisation",
        "LANGUES Anglais courant, espagnol scolaire\nCENTRES D'INTÉRÊT randonnée, lecture, photographie",
        "{person}\nWork experience\n2018-2022 Warehouse supervisor, led a team of eight and reduced errors",
        "Education\n2017 BSc Mathematics, University of Leeds\n2014 A levels, Ilkley Grammar School",
        "Skills: Python, SQL, project management, driving licence\nLanguages: English native, French fluent",
        "Profile: motivated engineer with ten years of experience seeking a new challenge\nReferences on request",
        "Responsibilities included customer service, training of new staff, stock management\nHobbies: cycling, chess",
    ),
    "other": (
        "Madame, Monsieur,\nNous avons bien reçu votre courrier du {date} et vous en remercions.",
        "Veuillez agréer, Madame, Monsieur, l'expression de nos salutations distinguées.",
        "CONTRAT DE BAIL\nEntre les soussignés {person}, ci-après le bailleur, et le locataire, il a été convenu",
        "Article 4 - Résiliation. Chaque partie peut résilier le présent contrat moyennant un préavis de trois mois.",
        "Recette : mélanger la farine et le sucre, ajouter les œufs, cuire au four 30 minutes",
        "Compte rendu de la réunion du {date}\nPrésents : toute l'équipe. Ordre du jour : travaux du parking",
        "Dear {person},\nThank you for your letter of {date}. We are pleased to inform you that your request",
        "Yours sincerely,\nThe customer relations department",
        "Minutes of the meeting held on {date}\nThe committee discussed the new playground and the summer party",
        "ORDONNANCE Docteur Martin\nParacétamol 1 g, un comprimé trois fois par jour pendant cinq jours",
        "The weather tomorrow will be cloudy with rain in the north and sunny spells in the afternoon",
    ),
}


def make_text(
    text: str, *, size: tuple[int, int] = A4, colour: float = 0.0, recipe: Recipe = RECIPE, name: str = "handmade"
) -> DocumentText:
    """Make what a reading gives; lines by line feed, pages by form feed."""
    pages = tuple(
        Page(number, *size, make_words(page), WordSource.OCR, colour)
        for number, page in enumerate(text.split("\f"), start=1)
    )
    cleaned = clean_words([word.text for page in pages for word in page.words])
    return DocumentText(name, "image/png", pages, cleaned.tokens, cleaned.language, recipe)


def make_words(page: str) -> tuple[Word, ...]:
    """Set the words of a page into boxes."""
    return tuple(
        Word(word, Box(0.1, 0.02 * line, 0.9, 0.02 * line + 0.02), 91.0, line)
        for line, words in enumerate(page.split("\n"))
        for word in words.split()
    )


def make_corpus(
    each: int, *, seed: int = 1, labels: Sequence[str] = tuple(LINES)
) -> tuple[list[DocumentText], list[str]]:
    """Compose documents of a few parts each, the same number of every label; return them with their labels."""
    random = Random(seed)
    texts, truth = [], []
    for label in labels:
        for _ in range(each):
            parts = random.sample(LINES[label], random.randint(3, 6))
            filled = "\n".join(parts).format(
                number=random.randint(1000, 999999),
                date=f"{random.randint(1, 28):02}/{random.randint(1, 12):02}/{random.randint(1960, 2030)}",
                amount=f"{random.randint(1, 900)},{random.randint(0, 99):02}",
                person=random.choice(("Claire Dupont", "James Smith", "Amina Benali", "Lucas Moreau", "Emily Clark")),
            )
            texts.append(make_text(filled, size=CARD if label == "id_pieces" else A4))
            truth.append(label)
    return texts, truth
