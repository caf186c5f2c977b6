"""The words German, Spanish, Italian and Dutch invoices are labelled with; what is not said here is said in English."""

GERMAN = """
title: Rechnung; RECHNUNG; Rechnung / Invoice; Schlussrechnung
number: Rechnungsnummer; Rechnungs-Nr.; Rechnung Nr.; Belegnummer; Re.-Nr.
date: Rechnungsdatum; Datum; Belegdatum; Ausstellungsdatum
due: Fälligkeitsdatum; Zahlbar bis; Fällig am; Fälligkeit
bill_to: Rechnungsadresse; Rechnung an; Rechnungsempfänger; Kunde; Auftraggeber
ship_to: Lieferadresse; Lieferanschrift; Leistungsort
customer: Kundennummer; Kunden-Nr.; Kd.-Nr.
order: Bestellnummer; Auftragsnummer; Ihre Bestellung; Lieferschein; Auftrags-Nr.
contact: Ansprechpartner; Sachbearbeiter; Ihr Zeichen
description: Bezeichnung; Beschreibung; Artikel; Leistung; Artikelbezeichnung
reference: Art.-Nr.; Pos.; Artikelnummer
quantity: Menge; Anzahl; Stunden
unit: Einheit; ME
price: Einzelpreis; E-Preis; Preis; Einzelpreis netto
rate: MwSt.; USt.; MwSt. %; USt. %
amount: Gesamtpreis; Betrag; Gesamt; G-Preis
subtotal: Nettobetrag; Zwischensumme; Summe netto; Gesamt netto
tax: MwSt. 19 %; zzgl. 19% MwSt.; Umsatzsteuer; MwSt.
total: Gesamtbetrag; Rechnungsbetrag; Endbetrag; Gesamtsumme; Zu zahlender Betrag; Bruttobetrag
terms: Zahlungsbedingungen; Zahlungsziel; Zahlungsart
bank: Bankverbindung; Kontoverbindung
vat_number: USt-IdNr.; Steuernummer; St.-Nr.; USt-ID
register: HRB; Handelsregister; Amtsgericht
period: Leistungszeitraum; Abrechnungszeitraum; Leistungsdatum
page: Seite
thanks: Vielen Dank für Ihren Auftrag; Wir danken für Ihr Vertrauen; Mit freundlichen Grüßen
"""
GERMAN_NOTES = """
Bitte überweisen Sie den Betrag {innerhalb von|binnen} {10|14|30} Tagen {ohne Abzug|} auf {unser|das unten
  genannte} Konto
Zahlbar {sofort|innerhalb von {14|30} Tagen} {ohne Abzug|netto}; {2|3} % Skonto bei Zahlung innerhalb von {7|10} Tagen
Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum
Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)
Innergemeinschaftliche Lieferung, steuerfrei
"""
GERMAN_ITEMS = """Beratung; Montage; Wartungsvertrag; Versandkosten; Softwarelizenz; Schrauben M8 verzinkt;
    Arbeitszeit Techniker; Fahrtkosten; Ersatzteil Pumpe; Schulung vor Ort
Webdesign; Druckkosten Broschüre; Kabel 5 m; Reinigung Büro; Hosting Paket; Projektleitung; Dichtungssatz;
    Übernachtung mit Frühstück; Verpackung; Netzteil 24 V; Einrichtung Server; Stahlrohr verzinkt"""
SPANISH = """
title: Factura; FACTURA; Factura comercial; Factura simplificada
number: Nº de factura; Factura n.º; Número de factura; Nº factura
date: Fecha; Fecha de factura; Fecha de emisión; Fecha de expedición
due: Fecha de vencimiento; Vencimiento; Vence el
bill_to: Cliente; Facturar a; Datos del cliente; Dirección de facturación
ship_to: Enviar a; Dirección de envío; Lugar de entrega
customer: N.º de cliente; Código cliente
order: Pedido; N.º de pedido; Su pedido; Albarán
description: Descripción; Concepto; Artículo; Producto
reference: Código; Ref.; Referencia
quantity: Cantidad; Cant.; Unidades; Horas
price: Precio; Precio unitario; Precio unidad; P. unitario
rate: IVA; % IVA; Tipo
amount: Importe; Total; Subtotal
subtotal: Base imponible; Subtotal; Importe neto
tax: IVA 21 %; IVA; Cuota IVA; I.V.A.
total: Total; Total factura; Importe total; TOTAL A PAGAR; Total con IVA
terms: Forma de pago; Condiciones de pago; Método de pago
bank: Datos bancarios; Cuenta bancaria; Número de cuenta
vat_number: NIF; CIF; C.I.F.; NIF-IVA
register: Registro Mercantil; Reg. Merc.
page: Página
thanks: Gracias por su confianza; Gracias por su compra
"""
SPANISH_NOTES = """
{Pago|Rogamos efectúen el pago} {mediante transferencia bancaria|por transferencia} {a {15|30|60} días|en el plazo
  de {15|30} días}
Inscrita en el Registro Mercantil de {Madrid|Barcelona|Valencia|Sevilla}, tomo {100-9999}, folio {1-200}
Operación exenta de IVA, inversión del sujeto pasivo
Retención IRPF {7|15} %
"""
SPANISH_ITEMS = """Servicios de consultoría; Mano de obra; Gastos de envío; Mantenimiento mensual;
    Aceite de oliva 5 l; Licencia anual; Diseño gráfico; Naranjas categoría I; Transporte; Alojamiento
Instalación eléctrica; Material de oficina; Desplazamiento; Baldosas gres; Alquiler de sala; Tornillería; Formación;
    Limpieza de local; Alojamiento web; Horas de desarrollo; Pintura plástica blanca"""
ITALIAN = """
title: Fattura; FATTURA; Fattura di vendita; Fattura accompagnatoria; Fattura immediata
number: Fattura n.; Numero fattura; N. documento; Fattura nr.
date: Data; Data fattura; Data documento; del
due: Scadenza; Data di scadenza; Scadenza pagamento
bill_to: Cliente; Destinatario; Spett.le; Intestatario; Cessionario
ship_to: Destinazione merce; Luogo di consegna
customer: Codice cliente; Cod. cliente
order: Ordine n.; Vs. ordine; DDT n.; Riferimento ordine
description: Descrizione; Descrizione dei beni; Articolo; Prestazione
reference: Codice; Cod. art.; Rif.
quantity: Quantità; Q.tà; Ore
price: Prezzo unitario; Prezzo; P. unit.; Prezzo unit.
rate: IVA; % IVA; Aliquota; Aliq.
amount: Importo; Totale; Totale riga
subtotal: Imponibile; Totale imponibile; Totale merce
tax: IVA 22%; Totale IVA; Imposta; IVA
total: Totale fattura; Totale documento; Totale da pagare; Netto a pagare; TOTALE
terms: Condizioni di pagamento; Pagamento; Modalità di pagamento
bank: Banca d'appoggio; Coordinate bancarie; Banca
vat_number: P. IVA; Partita IVA; C.F. e P.IVA
register: REA; Reg. Imprese
page: Pagina; Pag.
thanks: Grazie per la fiducia; Distinti saluti
"""
ITALIAN_NOTES = """
Bonifico bancario {30|60|90} giorni {fine mese|data fattura}
Contributo ambientale CONAI assolto ove dovuto
{Operazione non imponibile|Inversione contabile} art. {41|8|17} {DL 331/93|DPR 633/72}
Bollo assolto {in modo virtuale|sull'originale}
"""
ITALIAN_ITEMS = """Consulenza tecnica; Manodopera; Spese di trasporto; Caffè in grani 1 kg; Vino rosso 75 cl;
    Licenza software; Sedia impilabile; Pasta di semola 500 g; Noleggio attrezzatura; Pernottamento
Lavorazione meccanica; Ricambio valvola; Stampa manifesti; Manutenzione caldaia; Piastrelle gres;
    Progettazione grafica; Tessuto cotone; Imballo; Olio extravergine; Assistenza annuale"""
DUTCH = """
title: Factuur; FACTUUR; Verkoopfactuur; Rekening
number: Factuurnummer; Factuurnr.; Factuur nr.
date: Factuurdatum; Datum
due: Vervaldatum; Te betalen voor; Uiterste betaaldatum
bill_to: Factuuradres; Klant; Aan; Factuur aan; Debiteur
ship_to: Afleveradres; Leveradres
customer: Klantnummer; Debiteurnummer; Klantnr.
order: Ordernummer; Bestelnummer; Uw referentie; Onze referentie; Pakbon
description: Omschrijving; Artikel; Beschrijving
reference: Artikelnr.; Code
quantity: Aantal; Uren
price: Prijs; Stuksprijs; Prijs per stuk; Tarief
rate: BTW; BTW %; Btw
amount: Bedrag; Totaal; Totaalbedrag
subtotal: Subtotaal; Totaal excl. btw; Totaal exclusief BTW
tax: BTW 21%; 21% BTW; Btw-bedrag; BTW
total: Totaal; Totaal incl. btw; Te betalen; Totaalbedrag incl. BTW; Factuurbedrag
terms: Betalingsvoorwaarden; Betaaltermijn; Betaling
bank: Bankrekening; Bankgegevens; Rekeningnummer
vat_number: BTW-nummer; Btw-nr.; BTW
register: KvK; KvK-nummer; KVK nr.
page: Pagina; Blad
thanks: Bedankt voor uw opdracht; Met vriendelijke groet
"""
DUTCH_NOTES = """
{Wij verzoeken u|Gelieve} het bedrag {binnen|vóór} {14|30} dagen over te maken {onder vermelding van het
  factuurnummer|op onze rekening}
Op al onze {diensten|leveringen} zijn onze algemene voorwaarden van toepassing
BTW verlegd
"""
DUTCH_ITEMS = """Advieswerkzaamheden; Arbeidsloon; Verzendkosten; Onderhoud cv-ketel; Bloemen assortiment;
    Kaas belegen; Kantoorartikelen; Webhosting jaar; Softwarelicentie; Installatie
Huur vergaderzaal; Voorrijkosten; Schilderwerk; Tegels; Training; Schoonmaak kantoor; Drukwerk folders; Fietsband;
    Laptopstandaard; Transport"""
