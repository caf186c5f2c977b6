"""Draw the invoices of hotels, carriers, shops, carers and training firms."""

import random
from datetime import timedelta

from sake_ray.synthetic.invoices import parts, smallprint, table
from sake_ray.synthetic.invoices.bill import invent_bill
from sake_ray.synthetic.invoices.letters import draw_tail, draw_title, finish
from sake_ray.synthetic.invoices.table import Column
from sake_ray.synthetic.people.flow import Flow
from sake_ray.synthetic.people.persons import invent_person, new_faker
from sake_ray.synthetic.people.phrases import chance, some, split_list, write
from sake_ray.synthetic.people.typefaces import choose_style
from sake_ray.synthetic.sheet import Drawing

STAY = {
    "fr": """Arrivée: {date}; Départ: {date}; Chambre: {101-620}; N° chambre: {101-620}; Nombre de nuits: {1-9};
        Nuits: {1-7}; Adultes: {1-3}; N° de réservation: {100000-999999}; Voyageur: {name}; Nom du client: {name};
        Séjour du: {date}; Agence: {name}""",
    "en": """Arrival: {date}; Departure: {date}; Check-in: {date}; Check-out: {date}; Room No.: {101-620};
        Room: {101-620}; Guest: {name}; Guest name: {name}; Nights: {1-9}; Folio No.: {10000-99999};
        Confirmation number: {100000-999999}; Cashier: {1-40}; Passenger: {name};
        Booking reference: {A|B|C}{10000-99999}; No. of persons: {1-4}""",
}
FREIGHT = {
    "fr": """Expéditeur: {name}; Destinataire: {name}; Lieu de chargement: {city}; Lieu de livraison: {city};
        Enlèvement le: {date}; Livraison le: {date}; Poids: {100-24000} kg; Poids taxable: {100-9000} kg;
        Nombre de colis: {1-60}; Palettes: {1-33}; N° CMR: {100000-999999}; Lettre de voiture: {1000-99999};
        Immatriculation: {A|B|C|E|F}{A|G|R}-{100-999}-{X|Z|K}{B|M}; Chauffeur: {name}; Incoterm: {EXW|DAP|FCA};
        Mètres linéaires: {1-13}; Kilomètres: {12-980}; Dossier transport: {10000-99999}""",
    "en": """Shipper: {name}; Consignee: {name}; Port of loading: {city}; Port of discharge: {city};
        Vessel: {city} Express; Voyage: {100-999}{E|W}; Bill of lading: {A|M}{100000-999999};
        AWB: {100-999}-{10000000-99999999}; Gross weight: {100-24000} kg; Packages: {1-60};
        Chargeable weight: {100-900} kg; Volume: {1-60} cbm; Container: {MSCU|TGHU}{1000000-9999999};
        Pickup date: {date}; Delivery date: {date}; Incoterms: {FOB|CIF|DDP}; Driver: {name};
        PRO number: {100000-999999}; Miles: {20-2400}; ETA: {date}; Freight class: {50-400}""",
}
CARE = {
    "fr": """Patient: {name}; Assuré: {name}; Praticien: Dr {name}; N° FINESS: {100000000-999999999};
        N° RPPS: {10000000000-99999999999}; Stagiaire: {name}; Intitulé de la formation: {topic};
        Durée: {7|14|21|35} heures; Lieu: {city}; Session du: {date};
        N° de déclaration d'activité: {11|52|93} {10-99} {10000-99999} {10-99}; Convention n°: {100-9999};
        Mutuelle: {name}; Base de remboursement: {20-120},00; Part patient: {5-80},00; Numéro d'élève: {100-9999};
        Financeur: OPCO; Véhicule: {Renault|Peugeot|Citroën|Ford}; Kilométrage: {10000-240000}""",
    "en": """Patient: {name}; Patient ID: {10000-99999}; Provider: Dr. {name}; Date of service: {date};
        Insurance: {name}; Policy number: {100000-999999}; Adjustments: {5-80}.00;
        Patient responsibility: {20-180}.00; Student: {name}; Student ID: {10000-99999}; Course: {topic};
        Term: {Fall|Spring} 20{12-26}; Delegate: {name}; Venue: {city}; NPI: {1000000000-1999999999};
        Diagnosis code: {J|M|K}{10-99}.{1-9}; Pet name: {Max|Bella|Luna}; Vehicle: {Ford|Toyota|Honda};
        Mileage: {10000-140000}; VIN: 1HG{100000-999999}""",
}
TILLS = {
    "fr": "Table : {1-40}; Couverts : {1-9}; Serveur : {name}; Ticket n° {100-9999}; Caisse {1-9}; Vendeur : {name}",
    "en": """Table: {1-40}; Guests: {1-9}; Server: {name}; Check #{100-9999}; Register {1-9}; Cashier: {name};
        Order: {100-9999}""",
}
TRADES = {
    "hotel": {"fr": "Hôtellerie; Restauration", "en": "Hospitality and travel"},
    "freight": {"fr": "Transport", "en": "Freight"},
    "care": {
        "fr": "Santé; Formation; Formation; Automobile; Beauté et services",
        "en": "Health; Health; Training; Automotive; Garden and pets",
    },
    "shop": {
        "fr": "Restauration; Commerce; Alimentation en gros; Automobile; Beauté et services",
        "en": "Restaurant and catering; Retail; Food and drink; Office supplies",
    },
}
TOPICS = split_list(
    "Excel; SST; CACES R489; English B2; First aid; Management; Python; Hygiène HACCP; Photoshop; Accounting"
)


def invent_particulars(
    rng: random.Random, language: str, listed: str, dates: tuple[str, ...], low: int, high: int
) -> list[parts.Fact]:
    """Choose the particulars of one line of business, and their values."""
    faker = new_faker(rng, language)
    cities = [faker.city() for _ in range(3)]
    slots = {
        "date": dates,
        "city": cities,
        "topic": TOPICS,
        "name": [invent_person(rng, language).name for _ in range(3)],
    }
    facts = []
    for entry in some(rng, split_list(listed), low, high):
        label, _, value = entry.partition(": ")
        facts.append((label, write(rng, value, slots)))
    return facts


def _serve(
    rng: random.Random, language: str, kind: str, listed: str, items: tuple[int, int], *, dated: bool = False
) -> Drawing:
    bill = invent_bill(rng, language, trade=rng.choice(split_list(TRADES[kind][language])), items=items)
    style = choose_style(rng)
    flow = Flow(parts.choose_size(rng, language), left=16, right=16)
    if chance(rng, 0.5):
        parts.draw_logo(rng, flow.sheet, flow.left + flow.width / 2 - 9, flow.y, 18, style.accent)
        flow.y += 20
    align = rng.choice(("center", "left"))
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width, align=align)
    flow.y += 3
    draw_title(rng, flow, bill, style, align=align)
    parts.draw_address(
        flow,
        bill.said["bill_to"],
        bill.buyer,
        style,
        x=flow.left + 2,
        width=flow.width * 0.55,
        look=rng.choice(("plain", "boxed", "band")),
    )
    days = tuple(bill.write_date(bill.day - timedelta(days=n)) for n in (1, 2, 3, 5))
    facts = parts.facts_of(rng, bill, most=5) + invent_particulars(rng, language, listed, days, 3, 8)
    parts.draw_facts(rng, flow, facts, style, x=flow.left, width=min(flow.width, 120))
    flow.y += 2
    if dated:
        said = bill.said
        columns = [Column(said["date"], flow.width * 0.18), Column(said["description"], flow.width * 0.46)]
        columns += [
            Column(said["quantity"], flow.width * 0.12, "right"),
            Column(said["amount"], flow.width * 0.24, "right"),
        ]
        rows = [
            [
                bill.write_date(bill.day - timedelta(days=len(bill.items) - n)),
                item.text,
                bill.money.number(item.quantity, 0),
                bill.money.amount(item.amount),
            ]
            for n, item in enumerate(bill.items)
        ]
        table.draw_table(flow, columns, rows, style, rng.choice(table.LOOKS))
    else:
        table.draw_items(rng, flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style, bank=0.3)
    return finish(rng, flow, bill, style, kind)


def hotel(rng: random.Random, language: str) -> Drawing:
    """Draw the folio of a hotel or a travel agency, one dated charge a line."""
    return _serve(rng, language, "hotel", STAY[language], rng.choice(((1, 5), (6, 20))), dated=chance(rng, 0.8))


def freight(rng: random.Random, language: str) -> Drawing:
    """Draw the invoice of a carrier, with what was carried from where to where."""
    return _serve(rng, language, "freight", FREIGHT[language], (1, 9))


def care(rng: random.Random, language: str) -> Drawing:
    """Draw the invoice of a practice, a school or a workshop, with whom or what it was for."""
    return _serve(rng, language, "care", CARE[language], (1, 8), dated=chance(rng, 0.4))


def shop(rng: random.Random, language: str) -> Drawing:
    """Draw the narrow invoice of a shop or a restaurant, printed on a roll or a small sheet."""
    bill = invent_bill(
        rng, language, trade=rng.choice(split_list(TRADES["shop"][language])), items=rng.choice(((1, 5), (3, 12)))
    )
    style = choose_style(
        rng, ("LiberationMono", "FreeMono", "DejaVuSansCondensed", "LiberationSans", "RobotoCondensed"), size=(8.0, 9.5)
    )
    narrow = chance(rng, 0.5)
    height = 95 + len(bill.items) * 10.0 + len(bill.notes) * 12
    flow = Flow(
        (84.0, max(150.0, height + 80)) if narrow else (148.0, 210.0),
        left=6 if narrow else 12,
        right=6 if narrow else 12,
        top=8,
    )
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width, align="center", full=chance(rng, 0.4))
    flow.y += 3
    flow.write(bill.said["title"], font=style.titles.bold, size=13, align="center")
    parts.draw_facts(rng, flow, parts.facts_of(rng, bill, most=4), style, x=flow.left, width=flow.width, look="colon")
    for entry in some(rng, split_list(TILLS[language]), 0, 3):
        flow.write(
            write(rng, entry, {"name": [invent_person(rng, language).first]}), font=style.face.regular, size=style.size
        )
    if chance(rng, 0.6):
        flow.write(f"{bill.said['bill_to']} : {bill.buyer[0]}", font=style.face.regular, size=style.size)
    flow.y += 2
    columns = [
        Column(bill.said["quantity"] if chance(rng, 0.5) else "", flow.width * 0.14),
        Column(bill.said["description"], flow.width * 0.56),
        Column(bill.said["amount"], flow.width * 0.3, "right"),
    ]
    rows = [[bill.money.number(item.quantity, 0), item.text, bill.money.number(item.amount)] for item in bill.items]
    table.draw_table(flow, columns, rows, style, "plain")
    flow_rows = table.totals_of(rng, bill)
    for number, (label, amount) in enumerate(flow_rows):
        font = style.face.bold if number == len(flow_rows) - 1 else style.face.regular
        room = flow.width
        flow.row(
            ((flow.left, room * 0.6, label, font, "left"), (flow.left + room * 0.6, room * 0.4, amount, font, "right")),
            size=style.size + 0.5,
        )
    flow.y += 2
    paid = (
        split_list("CB; Carte bancaire; Espèces; Rendu 0,00; Paiement sans contact; Chèque; Ticket restaurant")
        if language == "fr"
        else split_list(
            "VISA ****{1000-9999}; Cash; Change due 0.00; Contactless; Debit card; Mastercard; Tip ________"
        )
    )
    flow.write(write(rng, rng.choice(paid)), font=style.face.regular, size=style.size)
    smallprint.draw_notes(flow, bill.notes[:2], style, smaller=1.0)
    flow.write(bill.said["thanks"], font=style.face.regular, size=style.size, align="center")
    return finish(rng, flow, bill, style, "shop", footers=0.4)
