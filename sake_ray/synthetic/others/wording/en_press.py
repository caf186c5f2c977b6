"""What do English printed, published and shown texts say?"""

TEXT = """
[newspaper]
title {S} {V} {O}; {city}: {S} {V} {O}; the {city} {Herald|Gazette|Tribune|Courier}; {C}, {S} {V} {O}
head {local news|sports|obituaries|weather|politics|business|editorial|letters|classifieds|crossword|arts|world}
line "{S} {V} {O}," said {person}, {18-90}, a {job} from {city}.
line {a fire|a crash|a protest|a burglary|heavy flooding} {forced|surprised|stranded} {2-90} {residents|commuters|firefighters}.
line the {sheriff|governor|prosecutor|mayor|spokeswoman} {denied|announced|confirmed} the {report|verdict|layoffs} {Tuesday|yesterday}.
line {voters|nurses|farmers|shareholders|teachers} {rallied|complained|demanded answers|walked out} in {city} on {date}.
line the {home side|visitors|rookie goalkeeper|striker} {won|lost|drew} {0-5}-{0-4} before a crowd of {2-60},000.
line shares of {firm} {rose|fell|tumbled} {1-20} percent after {quarterly earnings|a recall|the lawsuit|cigarette sales} {surprised|worried} analysts.
[science]
title effects of {word} on {O}; {word} and {word}: a review; a {randomized|longitudinal|pilot} study of {O}; working paper {number}
head {abstract|introduction|materials and methods|results|discussion|conclusions|references|acknowledgements|appendix A|table {1-9}}
line {smoking|tar|carbon monoxide|rat|tissue|lung|epithelial} {exposure|levels|samples|cells} were {measured|analyzed|stained} by {chromatography|microscopy|assay}.
line we {propose|evaluate|train} a {neural|probabilistic|Bayesian} {network|classifier|estimator} that {outperforms|approximates} {baselines|prior work}.
line {last}, {first}. ({year}). {S} {V} {O}. Journal of {Chemistry|Biology|Economics|Toxicology}, {1-90}({1-6}), {1-300}-{301-600}.
line there was a significant {increase|decrease|correlation} (p < .0{1-5}, n = {20-900}) between {O} and {O}.
line {last} et al. ({year}) {demonstrated|hypothesized|disputed} that {S} {V} {O}.
line {mice|volunteers|specimens|subjects} were {randomly assigned|weighed|exposed|sacrificed} {C}.
columns Group / N / Mean / SD
row {control|treated|placebo|dose {1-4}|filtered|unfiltered} / {10-90} / {1-90}.{10-99} / {0-9}.{10-99}
[manual]
title {owner's|service|installation|quick start} {manual|guide}; data sheet {code}; specification {code}; material safety data sheet
title product specification {code}; test procedure {code}; assembly instructions
head {safety precautions|package contents|troubleshooting|maintenance|specifications|wiring diagram|warranty|spare parts|disposal}
field Voltage = {12-400} V
field Dimensions = {10-90} x {10-90} mm
field Circumference = 24.{1-9} mm
field Moisture = {8-16} %
field Part no. = {code}
field Supersedes = {date}
line {unplug the unit|wear gloves|turn off the valve} before {servicing|cleaning|replacing the fuse}.
line press and hold the {power|mode|reset} button for {2-10} seconds until the {lamp|display} {blinks|turns green}.
line {tighten|loosen|insert|align|lubricate} the {bracket|screw|gasket|bearing|hose|battery} {firmly|without forcing it}.
line samples shall be {conditioned|weighed|inspected} at {15-30} degrees and {40-70} percent relative humidity prior to testing.
columns Parameter / Minimum / Target / Maximum / Unit
row {weight|pressure drop|flow|burn rate|hardness|viscosity|thickness} / {1-9} / {10-19} / {20-90} / {mg|mm|bar|psi|ml}
item {caution: hot surface|do not immerse|batteries not included|keep away from children|step {1-9}: {W} {O}}
[brochure]
title {grand opening|now {10-70}% off|new and improved {word}|come to {city}|for sale|taste the difference|free trial}
title the {smooth|fresh|original} {flavor|choice|way}; {firm} - {word} and {word}; summer camp; open house
head {our services|why choose us|what our customers say|how to find us|rates|opening hours|amenities|schedule of events}
line {enjoy|discover|experience} {the rich flavor|breathtaking views|friendly service|low tar|genuine comfort} {C}.
line {book now|visit|call} {site} or {phone}; offer {ends|expires} {date}; void where prohibited.
line {charming cottage|spacious apartment|corner lot} with {a walled garden|two bathrooms|a garage}, close to {schools|shops|the station}.
line warning: {smoking may be hazardous to your health|terms apply|past performance is no guarantee of future results}.
item {plumbing|roofing|landscaping|tutoring|dog grooming|funeral care|locksmith|piano lessons}; {free parking|live music|raffle}
[report]
title {annual|quarterly|progress|audit|inspection} report {year}; {year} budget {summary|request|estimate}; market research findings
title cost {estimate|breakdown} by department; sales by region; balance sheet; statement of {income|cash flows}; project status
head {executive summary|methodology|head count|capital expenditure|outlook|cash position|risks|key findings|recommendations}
field Fiscal year = {year}
field Prepared by = {person}
field Account = {number}
field Total budget = {sum}
columns Category / Actual / Budget / Variance
columns Brand / Volume / Share / Change
row {salaries|travel|supplies|promotion|postage|research grants|consultants|overhead|equipment|rent} / {sum} / {sum} / {1-40}
row {accounts receivable|inventories|goodwill|long-term debt|retained earnings|deferred taxes} / {sum} / {sum} / {sum}
row {north|south|women|men|age 18-24|age 65+|menthol|lights|college educated} / {1-900} / {1-60} % / {-|+}{1-9}
row Total / {sum} / {sum} / {sum}
line {net sales|operating costs|expenditures} {rose|declined|were flat} {1-30} percent to {amount}, {reflecting|owing to} {O}.
line respondents {preferred|recalled|disliked} {the package|the slogan|competitor brands} ({1-90}% versus {1-90}%).
line in our opinion, the financial statements present fairly, in all material respects, the position of {firm}.
[legal]
title {terms of use|privacy policy|bylaws|non-disclosure agreement|affidavit|complaint for damages|license|power of attorney}
title {ordinance|resolution|bill} no. {number}; {last} v. {firm}; last will and testament; deposition of {person}
head {definitions|limitation of liability|indemnification|governing law|severability|notices|jurisdiction|recitals|argument}
line {whereas|now therefore|provided that}, {S} {V} {O}; {and|or} {S} {V} {O};
line the {plaintiff|defendant|respondent|licensee} {alleges|denies|moves|hereby agrees} that {S} {V} {O} pursuant to section {1-900}({a|b|c}).
line the {foregoing|undersigned} {instrument|party}, being duly sworn, deposes and says as follows.
line Q. {did you|when did you|where did you} {W} {O}? A. {I do not recall|yes|no, sir|not to my knowledge}.
line the software is provided "as is", without warranty of any kind, express or implied.
end clerk of the court; notary public; counsel for the {plaintiff|defendant}
[novel]
title the {word} of {city}; chapter {1-40}; {person}, {O}; {I}
line "{W} {O}," {he|she} {murmured|cried|answered|laughed}, "{and never come back|it is too late|we shall see}."
line {he|she} {walked|dreamed|hesitated|trembled} {C}, {hands cold|heart pounding|without a backward glance}, while {S} {V} {O}.
line {dusk settled|dawn broke|the rain stopped} over {city}; {first} {thought of|remembered|dreaded} {O}.
line {first} had {never|always} {loved|feared|envied|pitied} {O} {C}.
[poster]
title {no smoking|exit|caution wet floor|quiet please|sold out|ring the bell|do not disturb|lost {cat|dog}|closed on Mondays}
title {concert|bingo|jumble sale|farmers market|open mic} {date}; save {O}!; say no to {O}; wanted
item {city} {date} {hour}; admission {free|{amount}}; {phone}; {site}; featuring {person}; town hall; {S} {V} {O}!; reward
[blank]
title {word}; {number}; exhibit {1-90}; {code}; {first}; confidential; this page intentionally left blank; {date}; {last}, {first}
title file {last}; {word} {word}; folder {1-90}; archives {year}; miscellaneous; the end; correspondence {year}
item {word}; {1-90}; {date}; {first}; {code}; seen; {number} {number}
[slides]
title {agenda|{O}|objectives {year}|thank you|background|timeline|questions?|{firm}|strategy|key takeaways}
item {W} {O}; {O}; {S} {V} {O}; {1-90}% {word}; {date}: {O}; {person}; {word} vs {word}; market share; target audience; {month} {year}
[mail]
title {Re: |FW: |Fwd: |}{meeting|photos|draft minutes|your order {code}|shift swap|quick question}; {email}; message from {person}
field From = {person} <{email}>
field Sent = {date} {hour}
field Subject = {Re: |FW: |}{lunch|contract|budget numbers|trip|login|weekly sync}
line {hi|hello|dear} {first}, {thanks for getting back|could you proofread this?|sorry for the late reply|see my comments below}.
line {let's meet|can we talk|are you free} {tomorrow|on {date}} at {hour} {in my office|on Zoom|downtown}? {first}
line -----Original Message----- From: {email} Sent: {date} {hour} To: {person}
line this is an automated message; click here to {reset your password|unsubscribe|view in browser}.
[questionnaire]
title {customer|employee|patient|smoker} {survey|questionnaire}; tell us what you think; interview guide; quiz; screener {code}
head {about you|your visit|brand awareness|lifestyle|household|health history|teaching}
field do you {ever|usually|still} {W} {O}?
field how many {cigarettes|meals|miles|hours} per {day|week}? = {1-40}
field what do you think of {S}? = {salad}
item {strongly agree|agree|disagree|strongly disagree}; {yes|no|not sure}; {under|over} {18-60}; {a|b|c}) {S} {V} {O}; {true|false}
line {ask all respondents|circle one answer|skip to question {2-40}|show card {1-9}}; all replies are confidential.
"""
