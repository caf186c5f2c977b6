"""What are English sentences of any document made of?"""

TEXT = """
G {S} {V} {O}.; {S} {V} {O} {C}.; {I}, {S} {V} {O}.; {I}, {S} {V} {O} {C}.; {S} {V} {O}, {C}.; {S} {V} {O} and {V} {O}.
G {I}, {S} {V} {O}; {S} {V} {O} {C}, {but|while|because|although|so|and} {S} {V} {O}.
G {You may|We must|They want to|One can|Please|She hopes to|It is possible to} {W} {O} {C}.
G {Why|How to|When to|Where to} {W} {O}?; Do not forget to {W} {O}.; {W} {O} {C}.; {C}, {S} {V} {O}.
I however; in addition; this morning; last night; since {month}; in {year}; according to {person}; in fact; meanwhile
I for this reason; despite the rain; in {city}; as usual; at the end of summer; on the other hand; first of all; finally
I to our surprise; once a week; the day before; in the long run; without delay; a few days later; by contrast; overall
I during the holidays; in the first quarter; as a result; at present; under these circumstances; from time to time
S the city council; the committee; the director; {person}; {firm}; the team; the school board; our neighbour; a child
S the old woman; the postman; a fisherman; the weather; the coach; the museum; the library; the minister; the senator
S a researcher; the university; the laboratory; the hospital; a nurse; the physician; the patient; the farmer; the wood
S the north wind; the river; a storm; the garden; the cat; the moon; the harbour; the factory; the engine; the pump
S the sensor; the software; the server; the algorithm; the machine; the device; a cable; the bank; the market; the index
S growth; the budget; the survey; the annual review; the insurer; the landlord; the tenant; the employee; the employer
S the court; the attorney; the statute; this section; the student; the teacher; the principal; the club; the orchestra
S the choir; the festival; the painter; the exhibition; the union; the sheriff; the train; the station; the cyclist
S the project; the meeting; the result; the hypothesis; the experiment; the method; the model; the sample; the climate
S the ocean; the cook; the baker; the wine; the cheese; the recipe; the carpenter; the roof; a tobacco grower; the agency
S the advertising campaign; the brand manager; the plaintiff; the witness; our division; the sales force; headquarters
V examines; proposes; adopts; rejects; prepares; discovers; observes; describes; supports; improves; protects; measures
V studies; funds; organizes; transforms; crosses; seeks; forgets; awaits; replaces; repairs; explains; defends; monitors
V has published; has sold; has lost; has found; has followed; has chosen; has received; has built; has left; has amended
V will open; must close; can reduce; wants to visit; shall sign; may consult; seems to like; plans to renovate; could win
V concerns; covers; excludes; permits; prohibits; specifies; contains; connects; supplies; governs; reflects; exceeds
V remembered; carried; watched; heard; kept; feared; painted; drew; broke; sang about; whispered of; climbed toward
O the village square; the roadworks on Main Street; a new regulation; the opening hours; the cafeteria; the season programme
O an exhibition of photographs; consumer rights; the quality of drinking water; working conditions; the training plan
O the safety of the equipment; annual leave; an agreement; energy consumption; household waste; a nature reserve
O hundred-year-old trees; migrating birds; rising prices; the unemployment rate; public spending; a surplus; savings
O the structure of proteins; a data set; the growth curve; the properties of the material; a virus; nicotine levels
O the power switch; the adjusting screw; a rubber seal; the cover; the filters; the indicator light; the user guide
O her suitcase; a forgotten letter; the house of his childhood; a stone path; silence; the stars; an empty chair
O the championship final; a historic victory; the supporters; the yellow jersey; a friendly match; the tournament
O the cough; chest pain; a treatment; the prescription; blood pressure; vaccines; a consultation; the medical file
O the contract; the warranty; a claim; the obligations of the parties; this clause; termination; the notice period; rent
O an apple pie; fresh bread; vegetables from the market; a glass of cider; the sauce; dessert; wild mushrooms; coffee
O the English language; a poem; mathematics; the school year; the diploma; scholarships; a field trip; the syllabus
O an old invoice; an expired passport; the resume of an applicant; the identity card of the holder; supporting documents
O the media plan; sales volume; a press release; retail displays; the focus groups; product testing; market share
C within {2-30} days; before {date}; with {person}; near {city}; without difficulty; every Sunday; for the first time
C at the seaside; in the presence of officials; from {hour}; for more than {2-40} years; under the eyes of strangers
C patiently; thanks to volunteers; despite the criticism; by registered mail; with a screwdriver; under current standards
C in most countries; among young adults; in spring; for an amount of {amount}; by {2-95} percent; for {2-900} people
C over {2-60} miles; all night long; behind the hill; between two showers; at the end of the hallway; as before
W prepare; check; open; close; clean; choose; complete; keep; avoid; change; bring; submit; read; learn; share; book
W discover; support; install; plug in; compare; report; respect; review; discuss; forward; return; approve; plan; test
subject Subject: ; Re: ; RE: ; Subject: ; Reference: ; Regarding:
dear Dear Sir or Madam,; Dear {person},; Dear {first},; Dear Mr. {last}:; Dear Ms. {last},; To whom it may concern,
dear Dear parents,; Dear customer,; Dear colleagues,; Hi {first},; Gentlemen:; Dear Hiring Manager,; Dear Dr. {last}:
closing Sincerely,; Yours faithfully,; Yours sincerely,; Best regards,; Kind regards,; Respectfully,; Very truly yours,
closing With thanks,; Cordially,; Warm regards,; Thank you for your time and consideration.; Best wishes,; See you soon,
placed {today}; {city}, {today}; Date: {today}; {today}; Signed at {city} on {today}; Dated this {1-30}th of {month} {year}
department {Human Resources|Legal|Research|Admissions|Customer Care} Department; Attn: {person}; Office of the {Dean|Clerk}
department {Marketing|Planning|Public Affairs|Engineering} Division; Room {1-400}; Board of Education
footer Page {1-3}; {firm} - {address} - {phone}; Confidential; {site}; Page 1 of {1-9}; Ref. {code}; {number}; {number}
footer Please recycle; Printed on {date}; All rights reserved; Form {code} (Rev. {year}); {code}; Source: {site}
article Article; Section; Section; Chapter; Clause
"""
