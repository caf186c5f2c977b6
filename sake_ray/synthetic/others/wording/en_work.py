"""What do English letters and papers of working life say?"""

TEXT = """
[business_letter]
title {request for a meeting|your letter of {date}|our telephone conversation|complaint|change of address|thank you}
title {invitation to our open house|partnership|confirmation of your registration|proposed merger|late delivery}
title {advertising campaign {year}|media plan|research agreement|sales meeting|response to your request|trade show}
field Ref. = {code}
field Your reference = {code}
field Enclosures = {1-5}
field cc = {person}
line {further to|as agreed in|following} our {meeting|conversation|correspondence} of {date}, I {confirm|inform you} that
 {S} {V} {O}.
line we have received your {letter|request|message|complaint} dated {date} and thank you for it.
line our company, based in {city} since {year}, {serves|advises} {businesses|families|local authorities|retailers}.
line please {call|contact} me at {phone} {should you have any questions|to arrange a visit|at your convenience}.
line we apologize for {the inconvenience|this delay|the regrettable error|any misunderstanding}.
line {enclosed|attached} please find {the brochure|the minutes|a schedule|a copy of the invoice|two signed copies|samples}.
line {person}, who is handling this matter, will be in touch {by the end of the month|shortly|next week}.
line I appreciate the opportunity to {review|discuss|comment on} the {draft|proposal|test market results|study}.
[cover_letter]
title application for the position of {job}; job reference {code}; internship application; {job} vacancy
line I am writing to apply for the {job} position advertised {on your website|in the newspaper|on {date}}.
line as you will see from my enclosed resume, I have worked for {2-20} years {as a {job}|at {firm}|in {city}}.
line my experience at {firm} taught me {discipline|teamwork|how to handle pressure} and {patience|leadership|care for detail}.
line I am particularly {attracted|drawn} to your {reputation|growth plans|work} in {education|health care|construction}.
line I would welcome the {opportunity|chance} to discuss my {application|suitability} {in person|at an interview}.
line I am available {immediately|from {date}} and willing to {relocate|travel|work shifts}.
[administrative_letter]
title {notice of decision|request for a birth certificate|proof of residence|your housing application|summons}
title {planning permission|school enrolment|benefit entitlement|renewal of your file|formal notice|acknowledgement of receipt}
title {freedom of information request|notice of hearing|certificate of attendance|voter registration|jury duty}
field Case number = {number}
field Claim reference = {code}
field Case worker = {person}
line your {application|claim|file} no. {number} is {incomplete|under review|approved|denied|closed}.
line please send us, before {date}, {a copy of your passport|proof of address|a recent photograph|the signed form|bank
 statements|a letter from your employer}.
line you have the right to appeal this decision within {14-60} days to the {county|district|administrative} court.
line this is to certify that {person}, born on {birth} in {city}, {is registered|resides|attended classes} at {address}.
line you are {invited|required|summoned} to attend on {date} at {hour} at {street}, {city}.
line the {Department of Labor|County Clerk|Housing Office|Ministry of Justice|Social Security Administration} {V} {O}.
line {failure to respond|late submission} may result in {a penalty|loss of benefits|closure of your file}.
end {Registrar|Head of Office|County Clerk|By order of the Director|Deputy Commissioner}
[resignation]
title resignation; notice of resignation; letter of resignation; retirement; end of probation
line please accept this letter as {formal|official} notice of my resignation from my position as {job} at {firm}.
line my last day of work will be {date}, in accordance with my {two|four}-week notice period.
line I am grateful for {the support|the opportunities|the training} I received during my {1-20} years here.
line I will do everything I can to {hand over my duties|train my replacement|ensure a smooth transition}.
[insurance_letter]
title {certificate of insurance|claim acknowledgement|renewal of your policy|explanation of benefits|cancellation of cover}
title {notice of loss|your health plan|premium schedule|proof of coverage|declarations page}
field Policy number = {code}
field Insured = {person}
field Claim number = {number}
field Date of loss = {date}
field Deductible = {amount}
field Plan = {Bronze|Silver|Gold|Comprehensive|Third party}
field Vehicle = {Honda Civic|Ford Focus|Toyota Corolla}
line your {plan|insurer} covers {dental care|eyeglasses|hospital stays} up to {50-100} percent after the deductible.
line we have registered your claim {of {date}|for {water damage|theft|windscreen repair}}.
line coverage {begins|ends} on {date}; the monthly premium is {amount}.
line an adjuster will contact you to {assess the damage|schedule an inspection}.
item {roadside assistance|theft and fire|legal protection|emergency room visits|glass breakage|copayment for specialists}
end {Claims department|Your adviser|Policyholder services}
[employment_contract]
title employment {agreement|contract}; contract of employment; {offer of employment|apprenticeship agreement}
head {position and duties|probationary period|hours of work|compensation|annual leave|confidentiality|non-competition}
head {place of work|benefits|termination|employee obligations|intellectual property|governing law|remote work}
field Employer = {firm}
field Employee = {person}
field Date of birth = {birth}
field Start date = {date}
field Address = {address}
line this agreement is made {on|as of} {date} between {firm} (the "Employer") and {person} of {address} (the "Employee").
line the Employee shall serve as {job} and report to {person}.
line normal working hours are {20-40} hours per week, Monday to Friday, {hour} to {hour}.
line the Employer shall pay a {gross annual salary|base wage} of {amount}, payable in {monthly|biweekly} instalments.
line either party may terminate this agreement by giving {two|four|eight} weeks' written notice.
line the Employee shall not disclose {trade secrets|confidential information|customer lists} during or after employment.
end for the Employer; Employee signature; witness
[temporary_contract]
title temporary assignment {agreement|confirmation}; assignment no. {number}; agency worker contract; contingent worker terms
head reason for assignment; {protective equipment|pay rate|length of assignment|worker responsibilities}
field Client = {firm}
field Temporary worker = {person}
field Reason = {seasonal peak|cover for sick leave|special project}
field Role = {job}
field Start = {date}
field End = {date}
field Hourly rate = {sum}
field Shift = {hour} - {hour}
field Site = {address}
line the agency {firm} assigns {person} to the client for {order picking|data entry|welding|forklift driving}.
line the worker must submit a signed time sheet every {Friday|Monday}; overtime requires approval by {person}.
item {hard hat|safety boots|gloves|goggles|high visibility vest} provided by {the agency|the client}
end client signature; worker signature; agency stamp
[payslip]
title pay {slip|stub|statement}; payslip {month} {year}; earnings statement; statement of earnings and deductions
field Employee no. = {number}
field Employee = {person}
field Employer = {firm}
field Department = {1-900}
field Pay period = {date} - {date}
field Pay date = {date}
field Tax code = {1000-1300}L
field NI number = QQ {10-99} {10-99} {10-99} C
field Net pay = {sum}
field Gross to date = {sum}
field Check number = {number}
columns Description / Hours / Rate / Current / Year to date
columns Payments / Units / Rate / Amount / YTD
row Basic pay / {20-170} / {sum} / {sum} / {sum}
row Overtime {1.5|2.0} / {1-20} / {sum} / {sum} / {sum}
row Federal income tax / / / {sum} / {sum}
row State income tax / / / {sum} / {sum}
row Social Security / / / {sum} / {sum}
row Medicare / / / {sum} / {sum}
row National Insurance / / / {sum} / {sum}
row PAYE tax / / / {sum} / {sum}
row Pension {employee|employer} / / / {sum} / {sum}
row {401(k)|Dental|Health insurance|Union dues|Student loan|Life insurance} / / / {sum} / {sum}
row {Holiday|Sick|Bonus|Commission} pay / {1-30} / {sum} / {sum} / {sum}
row Total deductions / / / {sum} / {sum}
line {direct deposit to account ending {1000-9999}|paid by bank transfer}; vacation balance {1-30} days.
line keep this statement for your records.
[work_certificate]
title {certificate of employment|letter of reference|reference|verification of employment|internship certificate}
line this is to certify that {person} was employed by {firm} as {job} from {date} to {date}.
line {person} {proved|was} {reliable|diligent|a valued member of our team} and leaves us of {her|his} own accord.
line the participant completed {14-300} hours of training in {word} {word} with {success|distinction}.
line I recommend {person} without {reservation|hesitation} for {any similar position|further studies}.
end {Managing Director|Human Resources|Signature and stamp|Supervisor}
[memo]
title {memorandum|memo|interoffice memorandum|internal notice|announcement|notice to all staff|inter-office correspondence}
field To = {all staff|{person}|distribution|department heads}
field From = {person}
field Date = {date}
field Subject = {summer schedule|fire drill|new parking rules|{year} budget|mail room|competitive activity|{code} study}
field cc = {person}, {person}
line effective {date}, {S} {V} {O}.
line staff are reminded that {badges must be worn|smoking is not permitted|breaks last {10-45} minutes}.
line please {confirm your attendance|forward comments|return this form} to {person} ({email}) by {date}.
line per your request, {attached|below} is a {summary|breakdown|list} of {O}.
line I spoke with {person} of {firm} {yesterday|on {date}} about {O}.
end {person}; {first|initials}/{2-9}; Distribution: {person}, {person}
[minutes]
title minutes of the {annual general meeting|board meeting|meeting of {date}|planning committee}; meeting notes
head {agenda|apologies|approval of minutes|treasurer's report|any other business|action items|next meeting|attendees}
head {old business|new business|adjournment|motions|status update}
field Present = {person}, {person}, {person}
field Absent = {person}
field Chair = {person}
field Location = {conference room {1-9}|town hall|video call|{city}}
field Called to order = {hour}
line the meeting was {called to order|adjourned} at {hour} by {person}.
line {person} {reported|noted|asked whether|regretted that|pointed out that} {S} {V} {O}.
line the motion was {carried unanimously|seconded by {person}|defeated by {5-40} votes to {1-4}|tabled}.
line {action|follow-up}: {W} {O} - {person} - due {date}.
line the next meeting will be held on {date} at {hour}.
columns Action / Owner / Due / Status
row {W} {O} / {first} / {date} / {done|open|in progress}
item {budget|recruitment|building works|communications|insurance|summer fair|parking|website}
end Chairperson; Secretary; Respectfully submitted, {person}
[to_do]
title to do; {shopping list|grocery list|things to do|saturday|{month}}; don't forget!; packing list; chores
item {milk|eggs|bread|butter|tomatoes|pasta|detergent|coffee|potatoes|yogurt|ham|rice|sponges|cat food|toothpaste|bananas}
item call {first|the plumber|the dentist|school|mom|the bank} {before {hour}|}
item {W} {O}
item {meeting|lunch} {person} {hour}
item {return library books|water the plants|pay rent|take out trash|buy present|wash car|renew passport|mail package}
item {birthday {first}|oil change|swimming|pharmacy|dry cleaning|print tickets|photos|sunscreen|charger|umbrella}
line {thanks!|urgent|tel {phone}|code {number}|xoxo|key is at the neighbours}
[handwritten]
title {for {first}|dear {first}|memo|{date}|message|diary}
line {first}, I {left|came by|got back} {at {hour}|this morning}, {dinner is in the fridge|call me back}.
line thank you for {your kindness|the flowers|a lovely evening|your help}. {G}
line the weather is {lovely|cold|very hot} here, {the kids swim every day|we walk a lot|the house is pretty}.
line {first} called, {please ring {phone}|it is urgent|nothing serious}.
line {thinking of you|lots of love|see you soon|take care}. {first}
item {W} {O}
item {salad}
item {hour}: {W} {O}
"""
