"""What do English documents of no class say?"""

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
line i am writing to apply for the position of {job} advertised {on your website|in the press|on {date}}.
line my {2-20} years with {firm} have given me {sound experience|a solid grounding} in {planning|customer service|quality control}.
line i enclose my resume, which describes my {experience|background|qualifications} in more detail.
line i am {hard-working|reliable|enthusiastic|well organised} and would welcome the chance to {join your team|discuss my application}.
line i am available for an interview {at your convenience|from {date}} and can be reached on {phone}.
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
line my last working day will be {date}. i will do my best to hand over my duties.
line i am grateful for the opportunities i have had at {firm} and wish the team every success.
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
line i have read and understood the information about {the study|the procedure|the trip} and have had the opportunity to ask questions.
line i understand that my participation is voluntary and that i may withdraw at any time without giving a reason.
line i give permission for {first} to {take part in the excursion|be photographed|receive first aid}.
line the risks and benefits of {anaesthesia|the vaccine|the operation} have been explained to me by {person}.
field Name of participant = {person}
field Signature of parent or guardian =
field Date = {date}
field Emergency contact = {phone}
item {i agree|i do not agree|i would like a copy of the results|i consent to the use of my data}
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
item {yes|no|new member|renewal|i have read the rules|please tick one box|full time|part time}
line please complete this form in block capitals and return it to {firm} before {date}.
end Signature; Date
[questionnaire]
title {customer satisfaction survey|health questionnaire|your opinion matters|staff survey|visitor feedback}
field How did you hear about us? =
field How often do you visit? =
field Age group = {18-60}
item {very satisfied|satisfied|neither|dissatisfied|very dissatisfied|always|often|sometimes|never|don't know}
item {i would recommend {firm} to a friend|the staff were helpful|the opening hours suit me|parking was easy}
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
[newspaper]
title {storm|strike|festival|flood|record crowd|new bridge} {hits|divides|delights|surprises} {city}
title {mayor|union|coach|farmers|scientists} {rejects|reject|welcome|warns of} {O}
field {city}, {date} =
field By = {person}
head {a long night|what happens next|reactions|weather|sport|local news|in brief|letters to the editor}
line "{S} {V} {O}", said {person}, {10-90}, a {retired teacher|shopkeeper|nurse|spokesman} from {city}.
line police in {city} are looking for witnesses after {a break-in|an accident|a fire} on {street}.
line the home side won {1-5}-{0-4} in front of {200-60000} spectators. kick-off was at {hour}.
line shares fell {1-9} per cent after {S} {V} {O}.
[science]
title {a study of|on the estimation of|towards|learning|effects of|modelling} {word} {word} in {O}
head {abstract|introduction|related work|materials and methods|results|discussion|conclusion|references|acknowledgements}
line we {propose|present|evaluate|describe} a {novel|simple|robust} method for {O} based on {neural networks|field data|regression}.
line figure {1-9} shows that {S} {V} {O} (p < 0.0{1-5}, n = {12-900}). table {1-6} lists the parameters.
line let x_i be the {number|mean|variance} of {O}; then f(x) = {2-9}x + {1-90} and the error is bounded by {1-9}.{10-99}.
line {last} et al. [{1-40}] showed that {S} {V} {O}. in contrast, our experiments on {2-12} data sets {suggest|confirm} {O}.
line [{1-40}] {last}, {first}. {word} {word} {word}. in: proceedings of the conference on {word}, {year}, pp. {100-300}-{301-500}.
line keywords: {word}, {word}, {word}
[manual]
title {user guide|installation manual|technical data sheet|safety instructions|quick start|maintenance handbook} {code}
head {before you start|contents|specifications|troubleshooting|cleaning|warranty|assembly|electrical connection|warning}
line press and hold the {power|reset|menu} button for {2-10} seconds until {the light blinks|the display shows E{1-9}}.
line do not {immerse the appliance in water|cover the vents|use abrasive cleaners}. risk of {fire|electric shock|injury}.
line if the {pump|fan|printer} does not start, check {the fuse|the cable|that the door is closed}.
columns Parameter / Value / Unit
row rated voltage / {110-400} / V
row weight / {1-90}.{1-9} / kg
row operating temperature / {-20-0} to {30-80} / °C
row power consumption / {10-3000} / W
row protection class / IP{20-68} /
item {insert the batteries|tighten screw {1-9}|remove the packaging|open the valve slowly}
[brochure]
title {discover {city}|summer programme|open day|new collection|live better|spa & wellness|guided tours|evening classes}
head {how to find us|opening hours|our services|prices from {amount}|what people say|book now|highlights}
line {enjoy|experience|explore|rediscover} {O} {C}. {G}
item {free entry|family tickets|children under {4-14} free|ample parking|no booking required|gift vouchers}
item {open daily {hour} - {hour}|call {phone}|{site}}
[menu]
title {menu|dinner menu|today's specials|Sunday lunch|drinks|the {word} inn}
head {starters|mains|desserts|sides|drinks|for children}
item {soup of the day|grilled salmon|roast beef|mushroom risotto|fish and chips|apple crumble|cheese board|caesar salad} {sum}
item {lamb shank|tomato bruschetta|chocolate brownie|house wine|sparkling water|vegan curry|club sandwich} {sum}
row {beef burger|pasta primavera|garden salad|lemon tart|espresso|ginger ale} / {sum}
line please tell us about any allergies. {service is not included|kitchen closes at {hour}}.
[recipe]
title {apple pie|leek and potato soup|banana bread|chicken casserole|rhubarb jam|fish cakes|oat biscuits}
head {ingredients|method|to serve|tip}
field Serves = {2-12}
field Preparation = {10-90} minutes
line preheat the oven to {160-220} degrees. {beat|whisk|fold} the {eggs|sugar|butter} until {pale|smooth|stiff}.
line simmer for {10-90} minutes, stirring {now and then|constantly}. season with {salt and pepper|nutmeg|lemon}.
item {50-900} g {flour|sugar|butter|carrots|potatoes|almonds}
item {1-6} {eggs|onions|tablespoons of oil|cloves of garlic|bay leaves}
[report]
title {annual report {year}|quarterly results|market study|audit report|environmental statement|statistics}
head {executive summary|key figures|outlook|risk factors|segment review|methodology|recommendations}
line revenue {rose|fell} by {1-40} per cent to {amount}, while operating costs {increased|declined}. {S} {V} {O}.
line the board {proposes|recommends} a dividend of {sum} per share. {growth|demand|inflation} remained {weak|strong}.
columns Year / Units / Change / Share
row {year} / {sum} / {1-30} % / {1-90} %
row north / {sum} / {1-30} % / {1-90} %
row total / {sum} / {1-30} % / 100 %
[bank]
title {statement of account|bank statement|account details|loan schedule|credit card statement|savings account}
field Account holder = {person}
field IBAN = {iban}
field BIC = {bic}
field Sort code = {10-99}-{10-99}-{10-99}
field Opening balance = {sum}
field Closing balance = {sum}
columns Date / Details / Out / In
row {date} / {card payment|direct debit|standing order|cash machine|transfer from {person}|salary} / {sum} /
row {date} / {interest|refund|cheque {number}|{firm}} / / {sum}
line your deposit is protected up to {amount}. overdraft limit {amount}.
[prescription]
title {prescription|fit note|referral letter|discharge summary|laboratory results|vaccination record}
field Patient = {person}
field Date of birth = {birth}
field Blood pressure = {100-160}/{60-95}
field Diagnosis = {bronchitis|back pain|migraine|sprained ankle|hypertension}
line {amoxicillin|paracetamol|ibuprofen|metformin|omeprazole} {100-1000} mg, {1-4} times daily for {3-14} days, after meals.
line the patient was seen on {date} and is not fit for work until {date}. review in {2-8} weeks.
line {glucose|cholesterol|haemoglobin} {4-9}.{1-9} {mmol/l|g/dl}, reference {3-4}.0 - {5-9}.5.
item {rest|physiotherapy|x-ray of the chest|blood test|repeat {1-5} times}
end Dr. {last}; Physician; Nurse
[lease]
title {tenancy agreement|residential lease|inventory of fixtures|notice to quit|rent book}
head {the parties|the premises|term|rent|deposit|repairs|use of the property|termination}
line this lease is made between {person} (the landlord) and {person} (the tenant) for the premises at {address}.
line the rent is {amount} per month, due on the {1-28} of each month. a deposit of {amount} is payable on signing.
line the tenant shall keep the premises in good repair and shall not {sublet|keep pets|smoke} without consent.
end Landlord; Tenant; Witness
[tax]
title {notice of assessment {year}|income tax return|tax calculation|property tax bill|form {1000-9999}}
field Taxpayer = {person}
field Tax reference = {number}
field Total income = {sum}
field Tax due = {sum}
field Payment deadline = {date}
columns Line / Description / Amount
row {1-60} / wages and salaries / {sum}
row {1-60} / personal allowance / {sum}
row {1-60} / taxable income / {sum}
row {1-60} / tax credit for children / {sum}
line if you disagree with this notice, you may object within {30-90} days. penalties apply to late payment.
[legal]
title {terms and conditions|privacy policy|articles of association|licence agreement|judgment|public notice|power of attorney}
head {definitions|scope|liability|governing law|intellectual property|amendments|force majeure|whereas}
line "{word}" means {O}. the {user|member|licensee} shall not {W} {O} without prior written consent.
line in no event shall {firm} be liable for any indirect or consequential loss. this clause shall survive termination.
line the court finds that {S} {V} {O} and orders the defendant to pay costs of {amount}.
line nothing in these terms affects your statutory rights under the act of {year}.
[mail]
title {re|fw}: {holiday plans|server down|minutes|lunch on {date}|invoice query|your CV|draft contract|photos}
field From = {person} <{email}>
field To = {person} <{email}>
field Sent = {date} {hour}
field Subject = {re: {word}|quick question|update|{job}}
line hi {first}, {can you|could you} {W} {O}? {thanks|cheers|best}, {first}
line see attached. {i'll be out of office until {date}|let me know what you think|happy to talk at {hour}}. {G}
[novel]
title {chapter {1-30}|the {word} of {city}|part {two|three}|{1-30}}
line {first} {looked up|said nothing|closed the door|counted the steps}. {G} {G}
line "{you are late|it is over|did you hear that}?" {asked|whispered|shouted} {first}. {G}
line that {winter|summer|night} {S} {V} {O}, and nobody in {city} {slept|spoke of it}.
[poem]
title {autumn|the sea|to {first}|song|{word}}
item {o|and|the|when|if} {word} {word} {the wind|my heart|the moon|the rain} {word}
line {S} {V} {O}, and {S} {V} {O}
line {softly|slowly|never} {word} the {river|light|night}
[software]
title {release notes {1-9}.{0-20}|api reference|getting started|readme|architecture overview|changelog}
head {installation|usage|configuration|endpoints|known issues|license|contributing|parameters}
line run the command in a terminal: {pip install {word}|git clone {site}/{word}|docker run {word}|npm start}.
line the function {word}_{word}() returns a {list|string|dictionary} of {O}; it raises an error when {the file is missing|the token has expired}.
item {fixed|added|removed} {support for {word}|a crash in {word}|the {word} option} (#{10-9000})
[listing]
item def {word}_{word}({word}, {word}={0-99}):
item return {word}.{word}[{0-9}] + {0-900}
item if {word} is not None and {word} > {0-99}:
item # {W} {O}
item import {word}; from {word} import {word}
item for {word} in range({1-90}): print({word})
item {date} {hour}:{10-59} {INFO|WARN|ERROR} {word}: {word} {word} {number}
item <{word} id="{number}">{word}</{word}>
item {"{word}": {number}, "{word}": "{word}"}
[poster]
title {concert|no entry|lost cat|car boot sale|yard sale|exit|welcome|vote|quiet please|fresh eggs|missing|for rent}
item {{date} {hour}|{city} town hall|{phone}|free entry|reward {amount}|keep clear|mind the step|{site}}
line {S} {V} {O}
[blank]
title {page {1-20}|appendix {A|B|C}|notes|this page is intentionally left blank|{word}|confidential|draft}
item {{word}|{number}|{date}|see overleaf}
[ticket]
title {boarding pass|admission ticket|parking ticket|train ticket|concert ticket|raffle|travel itinerary}
field Passenger = {person}
field From = {city}
field To = {city}
field Seat = {1-40}{A|B|C|D}
field Gate = {A|B|C}{1-40}
field Departure = {hour}
field Date = {date}
field Booking reference = {code}
item {row {1-30} seat {1-60}|no re-entry|doors open {hour}|keep this coupon|non-refundable}
[planning]
title {weekly timetable|duty roster|time sheet|shift plan|project plan|calendar {month} {year}|room bookings}
field Week = {1-52}
field Department = {warehouse|kitchen|ward {1-9}|reception}
field Name = {person}
columns Day / From / To / Hours
row Monday / {hour} / {hour} / {4-9}
row Tuesday / {hour} / {hour} / {4-9}
row Wednesday / {hour} / {hour} / {4-9}
row Thursday / off / /
row {first} / early / late / {night|holiday}
line overtime must be approved by {person}.
[lorem]
title lorem ipsum; {salad}
line lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.
line ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. {salad}
head dolor sit amet; {word} {word}
[slides]
title {our strategy {year}|kick-off|agenda|thank you|questions?|team {word}|results {year}|roadmap|why {word}?}
item {W} {O}
item {{1-90} % of {customers|staff}|next steps|key messages|budget {amount}|owner: {first}|q{1-4} {year}}
line {S} {V} {O}
[memo]
title {memo|internal notice|to all staff|office closure|fire drill|new parking rules}
field From = {person}
field To = {all staff|{person}|heads of department}
field Date = {date}
field Subject = {holiday cover|security badges|canteen prices|IT maintenance}
line please note that from {date} {S} {V} {O}. {W} {O} before {hour}.
line all visitors must sign in at reception. thank you for your cooperation.
end The Management; {person}
"""
