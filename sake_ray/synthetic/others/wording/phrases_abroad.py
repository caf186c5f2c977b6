"""What do documents in German, Spanish, Italian and Dutch say?"""

TEXTS = {
    "de": """
G {salad}; {S} {V} {O}.; {I} {V} {S} {O}.; {S} {V} {O} {C}.
I heute; seit {month}; im Jahr {year}; leider; in {city}; danach; trotzdem; jedes Jahr; vielleicht
S der Gemeinderat; die Firma {firm}; {person}; unsere Schule; das Museum; die Nachbarin; ein Kind; der Arzt; die Stadt
S das Gerät; der Mieter; die Versicherung; der Verein; die Zeitung; der Wald; das Wetter; die Regierung; der Zug
V prüft; braucht; sucht; findet; beschreibt; verkauft; eröffnet; plant; kennt; liest; verliert; erklärt; bestätigt
O die neue Satzung; den alten Bahnhof; eine Wanderung; das Ergebnis der Untersuchung; die Öffnungszeiten; den Vertrag
O einen Termin; die Qualität des Wassers; viele Bücher; das Protokoll der Sitzung; die Kündigung; eine Ausstellung
C am Sonntag; mit großer Freude; vor dem {date}; nach langer Zeit; für {2-90} Personen; ohne Probleme; im Garten
subject Betreff: ; Betr.:
dear Sehr geehrte Damen und Herren,; Liebe Eltern,; Sehr geehrter Herr {last},; Hallo {first},
closing Mit freundlichen Grüßen; Herzliche Grüße; Hochachtungsvoll; Viele Grüße
placed {city}, den {today}; {today}
department Abteilung Personal; Sekretariat; z. Hd. {person}
footer Seite 1; {firm}, {address}; {site}
article Artikel; §
T Einladung zur Mitgliederversammlung; Ihr Schreiben vom {date}; Bericht {year}; Wichtige Mitteilung; Neues aus {city}
L wir danken Ihnen für Ihr Schreiben vom {date}; bitte melden Sie sich bis zum {date}; anbei erhalten Sie die Unterlagen
L wir bitten um Ihr Verständnis; die Teilnahme ist kostenlos; bei Fragen erreichen Sie uns unter {phone}
L hiermit kündige ich den Vertrag fristgerecht; der Eintritt ist frei; die Veranstaltung beginnt um {hour} Uhr
H Einleitung; Ergebnisse; Hinweise; Termine; Zusammenfassung; Hintergrund; Ausblick
""",
    "es": """
G {salad}; {S} {V} {O}.; {I}, {S} {V} {O}.; {S} {V} {O} {C}.
I hoy; desde {month}; en {year}; sin embargo; en {city}; después; además; por eso; cada año; según {person}
S el ayuntamiento; la empresa {firm}; {person}; nuestra escuela; el museo; la vecina; un niño; el médico; la ciudad
S el aparato; el inquilino; la aseguradora; el club; el periódico; el bosque; el tiempo; el gobierno; el tren
V examina; necesita; busca; encuentra; describe; vende; inaugura; prepara; conoce; lee; pierde; explica; confirma
O la nueva ordenanza; la antigua estación; una excursión; el resultado del estudio; los horarios; el contrato; una cita
O la calidad del agua; muchos libros; el acta de la reunión; la baja voluntaria; una exposición; las normas de uso
C el domingo; con mucha alegría; antes del {date}; después de tanto tiempo; para {2-90} personas; en el jardín
subject Asunto: ; Ref.:
dear Estimados señores:; Estimada {first}:; Muy señor mío:; Hola {first},; Queridos padres:
closing Atentamente,; Un cordial saludo,; Reciba un saludo,; Saludos
placed {city}, {today}; En {city}, a {today}; {today}
department Departamento de Personal; Secretaría; A la atención de {person}
footer Página 1; {firm}, {address}; {site}
article Artículo; Cláusula
T Convocatoria de asamblea general; Su carta del {date}; Informe {year}; Aviso importante; Noticias de {city}
L le agradecemos su carta del {date}; rogamos confirme antes del {date}; adjuntamos la documentación solicitada
L la entrada es gratuita; para más información llame al {phone}; el acto comienza a las {hour}; disculpen las molestias
L por la presente solicito la baja del servicio; quedamos a su disposición para cualquier aclaración
H Introducción; Resultados; Instrucciones; Fechas; Resumen; Antecedentes; Conclusiones
""",
    "it": """
G {salad}; {S} {V} {O}.; {I}, {S} {V} {O}.; {S} {V} {O} {C}.
I oggi; da {month}; nel {year}; tuttavia; a {city}; poi; inoltre; per questo; ogni anno; secondo {person}
S il consiglio comunale; la ditta {firm}; {person}; la nostra scuola; il museo; la vicina; un bambino; il medico
S l'apparecchio; l'inquilino; l'assicurazione; il circolo; il giornale; il bosco; il tempo; il governo; il treno
V esamina; cerca; trova; descrive; vende; inaugura; prepara; conosce; legge; perde; spiega; conferma; ascolta
O il nuovo regolamento; la vecchia stazione; una gita; il risultato della ricerca; gli orari; il contratto; una visita
O la qualità dell'acqua; molti libri; il verbale della riunione; la disdetta; una mostra; le norme di sicurezza
C domenica; con grande gioia; prima del {date}; dopo tanto tempo; per {2-90} persone; senza problemi; in giardino
subject Oggetto: ; Rif.:
dear Gentili signori,; Egregio Signor {last},; Gentile {first},; Cari genitori,; Ciao {first},
closing Distinti saluti; Cordiali saluti; Con i migliori saluti; A presto
placed {city}, {today}; {today}; Lì, {today}
department Ufficio del personale; Segreteria; Alla cortese attenzione di {person}
footer Pagina 1; {firm}, {address}; {site}
article Articolo; Art.
T Convocazione dell'assemblea; La Sua lettera del {date}; Relazione {year}; Avviso importante; Notizie da {city}
L La ringraziamo per la lettera del {date}; si prega di rispondere entro il {date}; in allegato inviamo i documenti
L l'ingresso è libero; per informazioni telefonare al {phone}; l'incontro inizia alle {hour}; ci scusiamo per il disagio
L con la presente chiedo la disdetta del servizio; restiamo a disposizione per ogni chiarimento
H Introduzione; Risultati; Istruzioni; Date; Riassunto; Premessa; Conclusioni
""",
    "nl": """
G {salad}; {S} {V} {O}.; {I} {V} {S} {O}.; {S} {V} {O} {C}.
I vandaag; sinds {month}; in {year}; helaas; in {city}; daarna; toch; elk jaar; misschien; volgens {person}
S de gemeenteraad; het bedrijf {firm}; {person}; onze school; het museum; de buurvrouw; een kind; de arts; de stad
S het toestel; de huurder; de verzekeraar; de vereniging; de krant; het bos; het weer; de regering; de trein
V onderzoekt; zoekt; vindt; beschrijft; verkoopt; opent; plant; kent; leest; verliest; verklaart; bevestigt
O de nieuwe verordening; het oude station; een wandeling; de uitslag van het onderzoek; de openingstijden; een afspraak
O de kwaliteit van het water; veel boeken; het verslag van de vergadering; de opzegging; een tentoonstelling
C op zondag; met veel plezier; vóór {date}; na lange tijd; voor {2-90} personen; zonder problemen; in de tuin
subject Betreft: ; Onderwerp:
dear Geachte heer, mevrouw,; Beste ouders,; Geachte heer {last},; Hallo {first},
closing Met vriendelijke groet,; Hoogachtend,; Hartelijke groeten,; Groetjes
placed {city}, {today}; {today}
department Afdeling Personeelszaken; Secretariaat; t.a.v. {person}
footer Pagina 1; {firm}, {address}; {site}
article Artikel
T Uitnodiging ledenvergadering; Uw brief van {date}; Verslag {year}; Belangrijke mededeling; Nieuws uit {city}
L dank voor uw brief van {date}; wij verzoeken u te reageren vóór {date}; bijgaand ontvangt u de stukken
L de toegang is gratis; voor vragen belt u {phone}; de bijeenkomst begint om {hour} uur; onze excuses voor het ongemak
L hierbij zeg ik het abonnement op; wij blijven graag tot uw beschikking
H Inleiding; Resultaten; Aanwijzingen; Data; Samenvatting; Achtergrond; Conclusie
""",
}
"""What is said abroad: T are titles, L lines and H headings; the other slots are those of any language."""
