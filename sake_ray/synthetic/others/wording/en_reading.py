"""What else do English texts that are read, looked at or kept say?"""

TEXT = """
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
item {soup of the day|grilled salmon|roast beef|mushroom risotto|fish and chips|apple crumble|cheese board|caesar salad} {price}
item {lamb shank|tomato bruschetta|chocolate brownie|house wine|sparkling water|vegan curry|club sandwich} {price}
row {beef burger|pasta primavera|garden salad|lemon tart|espresso|ginger ale} / {price}
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
