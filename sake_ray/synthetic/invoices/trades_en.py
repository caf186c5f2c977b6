"""What English-speaking firms put on their invoices, trade by trade: one item a line, `@` its price range and units."""

TRADES = """
= Building
{Supply and fit|Install|Remove and replace} {kitchen units|drywall|ceramic tiles|hardwood flooring|skirting
  boards|windows|roof shingles|decking|fence panels} {ground floor|bathroom|master bedroom|} @ 40-2400 sq ft|ea|job
{Labor|Labour|Crew labor} {carpenter|framing|foreman|bricklayer|general|demolition} @ 25-85 hr|hours|day
{Paint|Interior painting|Exterior painting} {two coats|living room|trim and doors|walls and ceilings} @ 90-1400 job|room
{Concrete|Lumber 2x4|Plywood sheet|Plasterboard|Bricks|Sand and gravel|Insulation batts|Screws box} @ 4-380
  yd|ea|bag|pallet
{Dumpster rental|Skip hire 8 yard|Scaffolding hire|Permit fees|Debris removal|Site clean up} @ 80-900 ea|week
= Plumbing and heating
{Install|Replace|Repair|Service} {water heater {40|50} gallon|kitchen faucet|toilet|boiler|furnace|leaking pipe|AC
  unit|thermostat|radiator} @ 60-1900 ea|job
{Call out charge|Service call|Emergency call-out|Drain cleaning|Trip charge|Annual boiler service} @ 45-240 ea
{Copper pipe 1/2|PVC fitting|Ball valve|Wax ring|Flue pipe|Refrigerant R410A} @ 2-95 ft|ea|lb
= Electrical
{Rewire|Install} {outlet|ceiling fan|panel upgrade {100|200} amp|LED downlights|EV charger|smoke alarms|security
  lights} @ 20-1700 ea
{Electrician|Apprentice|Electrical inspection|EICR certificate|Testing} @ 40-220 hr|ea
Cable {12/2 romex|2.5mm twin and earth|cat6} @ 1-4 ft|m
= Software and IT
{Software development|Consulting services|Front-end development|API integration|Bug fixing|Code review|DevOps
  support|QA testing|Data migration} {sprint {1-30}|phase {1|2|3}|week {1-52}|} @ 60-190 hrs|hours|day
{Web design|Website maintenance|Logo design|Landing page|WordPress theme|SEO package|Wireframes|Mobile app
  prototype} {revisions included|homepage|{5|10} pages|} @ 100-4500 ea|project
{Monthly hosting|Domain renewal|SSL certificate|Email accounts|Cloud backup|Managed firewall|Help desk support}
  {plan|{1-60} users|annual|} @ 8-450 mo|month|year
{Laptop 15 inch|Monitor 27"|Wireless mouse|Docking station|Network switch {8|24|48} port|Toner cartridge|USB-C
  cable|Hard drive {1|2|4}TB|Keyboard|Headset} @ 8-1400 ea|pcs
{User license|Annual subscription|Software licence|Premium plan|Team plan|Support and maintenance} {{1-100}
  seats|per user|20{12-26}|renewal} @ 10-1200 ea|seat|yr
= Cloud
{Compute instance|Virtual machine|Load balancer|Block storage|Object storage|Data transfer out|Managed
  database|Container registry|Snapshots|NAT gateway|Static IP} {us-east-1|eu-west-3|Frankfurt|N. Virginia|{2|4|8}
  vCPU} @ 1-90 GB|hours|hrs|GB-month
= Office supplies
{Copy paper letter size|Ballpoint pens blue|Ring binders|Sticky notes|Ink cartridge black|Envelopes|Staples|File
  folders|Whiteboard markers} {box of {10|12|50|100}|pack|case|} @ 2-70 box|ea|pk
{Office chair|Standing desk|Filing cabinet|Bookcase|Conference table|Desk lamp|Sofa|Mattress queen|Dining table}
  {black|oak|walnut|grey|} @ 60-1200 ea
= Food and drink
{Tomatoes|Potatoes|Lettuce|Bananas|Apples Gala|Carrots|Onions|Strawberries|Avocados} {case|{5|10|25}
  lb|organic|punnet|} @ 2-40 case|lb|kg|ea
{Chicken breast|Ground beef|Salmon fillet|Bacon|Pork shoulder|Prawns|Lamb chops|Sausages} {frozen|fresh|{5|10} kg|}
  @ 6-60 lb|kg|case
{Whole milk|Butter unsalted|Cheddar block|Free range eggs|Greek yogurt|Flour 50 lb|Olive oil|Basmati rice|Ground
  coffee|Craft beer keg|House red wine|Mineral water} @ 2-140 case|ea|btl
= Restaurant and catering
{Lunch special|Burger and fries|Caesar salad|Fish and chips|Soup of the day|Cappuccino|House wine
  glass|Dessert|Sparkling water|Margherita pizza|Sunday roast} @ 3-32 ea
{Buffet lunch|Canapés|Sandwich platter|Coffee break|Three course dinner|Waiting staff|Gratuity|Cake} {{10-120}
  guests|per person|} @ 8-65 pp|ea
= Cleaning
{Office cleaning|Carpet cleaning|Window cleaning|Deep clean|End of tenancy clean|Janitorial services|Pressure
  washing} {weekly|monthly|{1-8} rooms|} @ 40-900 visit|month|job
{Hand soap|Paper towels|Trash bags|Bleach 5L|Mop heads} @ 4-60 case|ea
= Staffing
{Temporary staff|Agency worker|Contract staff} {warehouse operative|forklift driver|receptionist|registered
  nurse|kitchen porter|accounts assistant} {week ending {1-28} {March|May|July|October}|overtime|regular hours} @
  12-62 hrs|hours
{Placement fee|Recruitment fee|Background check|Payroll services|Holiday pay} @ 40-6000 ea
= Energy and water
{Electricity charges|Gas used|Day rate|Night rate|Generation charge|Transmission|Delivery charge|Standing
  charge|Customer charge|Water usage|Sewer service|Stormwater fee|Fuel adjustment} {{100-900} kWh|per therm|{28-92}
  days|} @ 1-90 kWh|therms|gal|days
= Telecom
{Broadband unlimited|Fibre {100|500|900}|Line rental|Mobile plan|Unlimited talk and text|Cable TV|Device
  payment|Business line} {{1-28} {Jan|Apr|Sep} to {1-28} {Feb|May|Oct}|} @ 8-120 month|ea
{Calls to mobiles|International calls|Roaming|Equipment rental|Federal universal service charge|911 fee|Text
  messages|Data overage} @ 1-30 ea
= Training
{Course|Workshop|Seminar|Certification exam|Tuition fees} {first aid|project management|forklift training|Excel
  advanced|leadership|health and safety|English language} {{1-5} days|per delegate|semester|} @ 90-1900
  delegate|ea|day
{Course materials|Venue hire|Registration fee|Lab fee|Trainer travel expenses} @ 15-450 ea
= Legal and accounting
{Legal services|Attorney fees|Draft agreement|Review of contract|Telephone conference with client|Court
  appearance|Conveyancing|Research|Correspondence with counsel} {re {last}|matter {1000-9999}|} @ 90-550 hrs|ea
{Bookkeeping|Tax return preparation|Year end accounts|Payroll processing|Audit services|VAT return|Company
  secretarial} {Q{1-4}|FY20{10-25}|monthly|} @ 60-2800 ea|month
{Filing fee|Disbursements|Land registry fee|Photocopies|Courier|Notary} @ 3-240 ea
= Freight
{Ocean freight|Air freight|Road haulage|Pallet delivery|Courier service|Container {20|40}ft} {{city} to
  {city}|LCL|FCL|next day|} @ 60-3800 ea|kg|cbm|pallet
{Fuel surcharge|Customs clearance|Terminal handling charge|Bill of lading fee|Documentation|Detention|Tail
  lift|Import duty|Insurance} @ 10-260 ea
= Automotive
{Oil change|Brake pads front|Tyre 205/55R16|Tire rotation|Wheel alignment|Battery|Spark plugs|MOT test|Full
  service|Timing belt|Air filter|Windshield wiper} @ 10-620 ea
{Labor|Diagnostic|Body shop labor|Paint and materials|Shop supplies|Towing} @ 20-140 hr|ea
= Health
{Office visit|Consultation|X-ray|Dental cleaning|Crown|Physical therapy session|Blood test|Vaccination|Eye exam|Lab
  work|Surgery suite|Ultrasound} {CPT {90000-99499}|new patient|follow up|} @ 25-950 ea|session
{Nitrile gloves|Surgical masks|Syringes|Gauze pads|Wheelchair rental|Thermometer|Progressive lenses|Dog
  vaccination|Flea treatment} {box of 100|medium|} @ 4-260 box|ea
= Printing and marketing
{Business cards|Flyers A5|Brochures|Posters|Banners|Stickers|Catalogue printing|T-shirt printing} {full
  color|double sided|qty {250|500|1000|5000}|} @ 20-900 ea|lot|1000
{Copywriting|Social media management|Photography|Video editing|Ad campaign management|Market
  research|Illustration|Translation {500-9000} words|Proofreading|Podcast editing} @ 50-2600 hr|ea|project|month
= Garden and pets
{Lawn mowing|Hedge trimming|Tree removal|Mulch|Sprinkler repair|Snow removal|Spring clean
  up|Planting|Topsoil|Sod|Pest control} @ 20-700 visit|hr|yd|ea
{Dog walking|Grooming|Boarding|Pet sitting|House sitting|Babysitting|Tutoring|Piano lessons|Personal training} @
  15-90 hr|day|session
= Security and events
{Security guard|Door supervisor|CCTV monitoring|Alarm maintenance|Fire extinguisher service} {night shift|weekend|}
  @ 16-240 hrs|ea
{Marquee hire|PA system|Table rental|Chairs|DJ services|Wedding photography|Projector hire|Booth rental|Van
  hire|Excavator rental|Floral arrangements} {per day|weekend|{2-7} days|} @ 3-1900 ea|day
= Retail
{Dress|Jeans|Cotton T-shirt|Sneakers|Winter coat|Safety boots|Hi-vis vest|Wool scarf|Leather bag|Socks} {size
  {S|M|L|XL|8|10|12}|navy|black|} @ 5-190 ea|pr
{Cordless drill|Wood screws|Hammer|Ladder|Spray paint|Sandpaper|Garden hose|Light bulb LED|Extension cord} @ 3-240
  ea|box|pk
{Refrigerator|Washing machine|Television 55"|Vacuum cleaner|Smartphone 128GB|Phone case|Microwave|Tablet|Game
  console|Bluetooth speaker} {refurbished|} @ 15-1200 ea
{Paperback|Hardcover book|Textbook|Notebook|Board game|Puzzle|Yoga mat|Bicycle|Tennis racket|Vitamin C tablets} @
  5-420 ea
= Industrial
{Ball bearing|Hydraulic cylinder|Electric motor|O-ring|Conveyor belt|Proximity sensor|Solenoid valve|Steel
  plate|Aluminium profile|Pallet wrap|Corrugated boxes|Machined bracket|Widget|Gasket} {P/N
  {1000-9999}|M{6|8|10}|{2|5|10} mm|} @ 1-640 pcs|ea|kg|roll
{CNC machining|Welding|Powder coating|Laser cutting|Tooling|Inspection|Calibration} @ 30-420 hr|lot|ea
= Property
{Rent|Service charge|Management fee|Security deposit|Lease renewal|Ground rent|HOA dues|Utilities recharge|Letting
  fee} {unit {1-40}|March|quarter {1-4}|apartment {1-20}B|} @ 60-2900 month|ea
= Subscriptions and media
{Subscription|Renewal|Membership dues|Advertisement|Classified ad|Digital access|Magazine} {12
  issues|annual|20{10-26}|half page|quarter page} @ 12-900 ea|yr
= Hospitality and travel
{Room charge|Double room|Accommodation|King suite} {{1-5} nights|breakfast included|room {101-620}|} @ 69-320
  night|nights
{Breakfast|Occupancy tax|City tax|Parking|Mini bar|Room service|Resort fee|Laundry|Airport transfer|Flight
  {city}|Car rental|Conference package} @ 2-280 ea
= Agriculture
{Hay bales|Seed corn|Fertilizer|Diesel|Crop spraying|Cattle feed|Combine harvesting|Fence posts|Vet visit} @ 3-420
  ton|ac|gal|ea
"""
