"""What else do English letters, forms and papers of offices say?"""

TEXT = """
[business_letter]
title {your enquiry of {date}|our meeting on {date}|annual maintenance|change of address|notice of closure|complaint}
title {invitation to our open day|renewal of your agreement|delay in delivery|thank you for your visit|price review}
field Our ref = {code}
field Your ref = {code}
line thank you for your {letter|call|interest|patience} of {date}. we {are pleased to confirm|regret to inform you} that {S} {V} {O}.
line further to our {conversation|telephone call|visit}, please find enclosed {the brochure|a copy of the invoice|the timetable|the plans}.
line we apologise for {the inconvenience|this delay|the misunderstanding} and {will contact you shortly|have taken steps to improve}.
line please do not hesitate to {call me on {phone}|write to {email}|contact our office in {city}} if you have any questions.
line our company has served {families|farmers|small businesses|local authorities} in {city} since {year}.
[cover_letter]
title application for the position of {job}; your advertisement {code}; speculative application; {job} - reference {code}
line I am writing to apply for the position of {job} advertised {on your website|in the press|on {date}}.
line my {2-20} years with {firm} have given me {sound experience|a solid grounding} in {planning|customer service|quality control}.
line I enclose my resume, which describes my {experience|background|qualifications} in more detail.
line I am {hard-working|reliable|enthusiastic|well organised} and would welcome the chance to {join your team|discuss my application}.
line I am available for an interview {at your convenience|from {date}} and can be reached on {phone}.
line what attracts me to {firm} is its reputation for {innovation|training|fairness|craftsmanship}.
[administrative_letter]
title {council tax|housing application|school admission|planning permission|jury service|parking permit|voter registration}
line we have received your {application|form|request} dated {date}. it is being {examined|processed} by our {housing|licensing|education} office.
line you must send us {proof of address|a birth certificate|two photographs|your tenancy agreement} before {date}.
line your case number is {code}. please quote it in all correspondence.
line you have the right to appeal against this decision within {14-60} days.
line if your circumstances change, you must tell us at once.
[resignation]
title {notice of resignation|letter of resignation|leaving my position}
line please accept this letter as formal notice of my resignation from my post as {job}, effective {date}.
line my last working day will be {date}. I will do my best to hand over my duties.
line I am grateful for the opportunities I have had at {firm} and wish the team every success.
[insurance_letter]
title {your policy {code}|claim {number}|renewal notice|certificate of motor insurance|confirmation of cover|your health plan}
field Policy number = {code}
field Policyholder = {person}
field Cover starts = {date}
field Excess = {amount}
line we have received your claim for {water damage|a road accident|theft|storm damage|dental treatment} on {date}.
line our loss adjuster will visit {the property|the garage} on {date}. please keep all damaged items.
line your annual premium will be {amount}, payable in {2-12} instalments. the policy excludes {flood|wear and tear|war}.
line the insurer shall not be liable for loss arising from {negligence|frost|unattended vehicles}.
[employment_contract]
title {contract of employment|employment agreement|statement of terms and conditions|offer of employment}
head {commencement|job title and duties|place of work|hours of work|remuneration|holidays|sickness|notice|confidentiality|pension}
head {probationary period|disciplinary procedure|restrictive covenants|entire agreement|governing law}
line this agreement is made on {date} between {firm} (the employer) and {person} (the employee).
line the employee shall serve as {job} and shall report to {person}. the place of work is {city}.
line the salary is {amount} a year, payable monthly in arrears by bank transfer.
line either party may terminate this agreement by giving {1-12} weeks' written notice.
line the employee is entitled to {20-30} days' paid holiday in each year. normal hours are {20-40} a week.
line the employee shall not disclose any confidential information during or after the employment.
end Signed for the employer; Signed by the employee; Date
[temporary_contract]
title {assignment confirmation|temporary worker agreement|terms of assignment|booking confirmation}
field Temporary worker = {person}
field Client = {firm}
field Assignment = {job}
field Start date = {date}
field End date = {date}
field Rate of pay = {amount} per hour
field Reporting to = {person}
field Protective equipment = {safety shoes|gloves and helmet|none}
line the temporary worker shall complete a signed time sheet at the end of each week.
line the agency may end the assignment at any time without notice or liability.
end Temporary worker; For the agency; For the client
[payslip]
title {payslip|pay advice|earnings statement|wage slip} {month} {year}
field Employee = {person}
field Employee no. = {number}
field NI number = {code}
field Tax code = {100-1300}L
field Pay date = {date}
field Net pay = {sum}
columns Description / Hours / Rate / Amount
row basic pay / {100-170} / {sum} / {sum}
row overtime / {1-20} / {sum} / {sum}
row income tax / / / {sum}
row national insurance / / / {sum}
row pension / {3-8} % / / {sum}
row federal withholding / / / {sum}
row social security / 6.2 % / / {sum}
row gross pay / / / {sum}
row total deductions / / / {sum}
line year to date: gross {sum}, tax {sum}. keep this statement for your records.
[work_certificate]
title {certificate of employment|letter of reference|to whom it may concern|certificate of attendance|internship certificate}
line this is to certify that {person} was employed by {firm} as {job} from {date} to {date}.
line {person} has completed a {10-200} hour course in {first aid|book-keeping|welding|food hygiene} with {merit|success}.
line we found {first} to be {honest|punctual|capable} and recommend {first} without hesitation.
end Human Resources; The Director; {person}
[transcript]
title {transcript of records|statement of results|school report|diploma|academic transcript|certificate of completion}
field Student = {person}
field Date of birth = {birth}
field Academic year = {year}
field Programme = {engineering|nursing|history|business studies|fine arts}
columns Subject / Grade / Credits / Remarks
row mathematics / {A|B|C} / {2-12} / {good progress|excellent}
row physics / {A|B|C} / {2-12} / {must revise}
row English literature / {A|B|C} / {2-12} / {lively in class}
row statistics / {A|B|C} / {2-12} / {pass}
row geography / {A|B|C} / {2-12} / {satisfactory}
row chemistry laboratory / {A|B|C} / {2-12} / {honours}
line the university of {city} hereby confers upon {person} the degree of bachelor of {arts|science} with all rights and privileges.
end The Registrar; The Dean; The Principal
[consent]
title {consent form|informed consent|parental permission|photo release|authorization for treatment|data protection consent|release of information}
line I have read and understood the information about {the study|the procedure|the trip} and have had the opportunity to ask questions.
line I understand that my participation is voluntary and that I may withdraw at any time without giving a reason.
line I give permission for {first} to {take part in the excursion|be photographed|receive first aid}.
line the risks and benefits of {anaesthesia|the vaccine|the operation} have been explained to me by {person}.
field Name of participant = {person}
field Signature of parent or guardian =
field Date = {date}
field Emergency contact = {phone}
item {I agree|I do not agree|I would like a copy of the results|I consent to the use of my data}
end Signature; Witness; Researcher
[application_form]
title {application form|registration form|membership application|order of service|change of details|accident report|booking form}
head {personal details|contact details|next of kin|declaration|for office use only|bank details|medical history}
field Full name = {person}
field Address = {address}
field Telephone = {phone}
field E-mail = {email}
field Date of birth = {birth}
field Place of birth = {city}
field Marital status = {single|married}
field Occupation = {job}
field Number of children = {0-4}
field Vehicle registration = {code}
field Allergies =
field Signature =
item {yes|no|new member|renewal|I have read the rules|please tick one box|full time|part time}
line please complete this form in block capitals and return it to {firm} before {date}.
end Signature; Date
[questionnaire]
title {customer satisfaction survey|health questionnaire|your opinion matters|staff survey|visitor feedback}
field How did you hear about us? =
field How often do you visit? =
field Age group = {18-60}
item {very satisfied|satisfied|neither|dissatisfied|very dissatisfied|always|often|sometimes|never|don't know}
item {I would recommend {firm} to a friend|the staff were helpful|the opening hours suit me|parking was easy}
line thank you for taking {2-15} minutes to answer. your replies are anonymous.
[minutes]
title {minutes of the meeting|annual general meeting|parish council|board meeting|safety committee} {date}
head {apologies for absence|matters arising|treasurer's report|any other business|date of next meeting|actions}
field Present = {person}, {person}, {person}
field Apologies = {person}
field Chair = {person}
line the meeting opened at {hour}. the minutes of the last meeting were approved.
line {person} {reported|asked|pointed out|suggested} that {S} {V} {O}. it was resolved to {W} {O}.
line the motion was carried by {5-40} votes to {0-9}. there being no further business, the meeting closed at {hour}.
row {W} {O} / {first} / {date}
columns Action / Owner / Due
item {budget|roof repairs|summer fair|recruitment|road safety|website}
end Chair; Secretary
[to_do]
title {to do|shopping list|packing list|don't forget|weekend|errands}
item {milk|eggs|bread|butter|tea bags|washing powder|potatoes|apples|dog food|batteries|stamps|onions|rice}
item {call|text|e-mail|visit} {first} {about the party|before {hour}|}
item {W} {O}
item {book dentist|return library books|pay window cleaner|water plants|renew passport|collect parcel|feed the cat}
line {urgent|thanks|see you {hour}|ask {first}}
[handwritten]
title {dear {first}|note to self|{first}|for {first}|diary, {date}}
line {first}, gone to {the shops|my sister's|{city}}, back at {hour}. {dinner is in the oven|keys under the mat|love}.
line thank you so much for {the flowers|a lovely evening|your help with the move}. {G}
line the weather is {glorious|dreadful|mild} and {the children swim every day|we walk along the cliffs}.
item {W} {O}
item {salad}
[business_card]
title {person}; {firm}
field {job}
field T = {phone}
field M = {phone}
field {email}
field {site}
field {address}
field {firm}
item {plumbing & heating|architecture|garden design|legal advice|photography|tax consultants|hair salon|catering}
item {since {year}|by appointment only|sales manager|senior researcher|free estimates}
[membership_card]
title {loyalty card|library card|gym member|gift card|student union|club card|season ticket|museum pass|bonus card}
field member = {person}
field no. = {number}
field valid until = {date}
field card number = {number} {number}
field {firm}
item {10 stamps = 1 free coffee|this card is not transferable|terms apply|{amount} gift|points are valid for one year}
"""
