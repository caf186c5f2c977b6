"""What English CVs say of manual, care, sales and service jobs: = titles, * tasks, + skills, ^ diplomas."""

TRADES = """
= Warehouse Operative; Forklift Driver; Order Picker; Warehouse Associate; Material Handler; Stock Clerk; Shipping
  and Receiving Clerk; Warehouse Supervisor; Packer
* {Picked and packed|Picking and packing} {customer orders|up to {80-300} items per hour|orders using RF
  scanners|online orders} {to meet daily targets|with {97-99}% accuracy|}
* {Operated|Drove|Safely operated} {counterbalance forklift|reach truck|pallet jack|cherry picker|order picker} {in
  a busy warehouse|loading trailers|in cold storage|}
* {Loaded and unloaded|Received|Inspected} {deliveries|trucks|containers|incoming shipments|pallets} {and updated
  inventory|checking for damage|by hand|}
* {Performed cycle counts|Stock rotation|Maintained a clean and safe work area|Labelled and shrink wrapped
  pallets|Trained {2-12} new starters}
+ Forklift licence; Counterbalance and reach; RF scanner; Inventory control; Manual handling; Heavy lifting; WMS;
  OSHA safety; Shipping; Packing; Reliability; Night shifts
^ Forklift Certificate; High School Diploma; NVQ Level 2 Warehousing; GED; OSHA 10; GCSEs; Manual Handling
  Certificate; RTITB Reach Truck
= Cashier; Sales Associate; Retail Assistant; Store Assistant; Shop Assistant; Team Member; Customer Service
  Representative; Sales Assistant; Store Manager; Barista
* {Greeted|Assisted|Served} {customers|up to {50-300} customers per day|shoppers} {in a friendly manner|with
  purchases and returns|at the till|and answered questions}
* {Processed|Handled} {cash and card transactions|refunds and exchanges|cash register operations|credit card
  payments} {accurately|with a daily balance of ${500-9000}|}
* {Stocked shelves|Replenished displays|Merchandised {clothing|produce|cosmetics}|Opened and closed the
  store|Upsold products|Exceeded sales targets by {5-45}%|Resolved complaints|Prepared hot drinks}
+ Cash handling; Customer service; POS systems; Merchandising; Upselling; Teamwork; Punctual; Communication skills;
  Stock replenishment; Basic math; Till operation; Food safety
^ High School Diploma; GCSE Maths and English; NVQ Level 2 Retail; Associate Degree; A Levels; BTEC Business Level
  3; GED
= Registered Nurse; Staff Nurse; Healthcare Assistant; Care Assistant; Certified Nursing Assistant; Caregiver; Home
  Health Aide; Medical Assistant; Dental Assistant; Support Worker; Paramedic
* {Provided|Delivered} {patient care|personal care|compassionate care to {5-40} residents|bedside care|direct
  nursing care} {in a {medical-surgical|ICU|long-term care|emergency|pediatric} unit|}
* {Administered medications|Monitored vital signs|Assisted with bathing and dressing|Charted in electronic health
  records|Changed dressings|Drew blood|Updated care plans|Took patient histories}
* {Collaborated with physicians|Supported families|Followed infection control procedures|Mentored {2-10} student
  nurses|Transported patients|Answered call lights|Assisted with mobility}
+ Patient care; CPR and BLS; IV therapy; Medication administration; Epic EHR; Vital signs; Infection control;
  Compassion; Dementia care; Moving and handling; ACLS; Phlebotomy; Wound care
^ Bachelor of Science in Nursing; RN License; CNA Certification; NVQ Level 3 Health and Social Care; Associate
  Degree in Nursing; BLS Certification; Care Certificate; Enhanced DBS
= Electrician; Apprentice Electrician; Maintenance Technician; HVAC Technician; Electrical Technician; Plumber;
  Pipefitter; Maintenance Engineer; Field Service Technician; Gas Engineer
* {Installed|Repaired|Maintained|Tested} {wiring|lighting systems|conduit|electrical panels|motors and
  controls|heating systems|pipework|air conditioning units} {in residential and commercial buildings|on site|to code|}
* {Read blueprints|Performed preventive maintenance|Troubleshot {electrical|mechanical|PLC} faults|Responded to
  {5-20} service calls a day|Reduced downtime by {10-50}%|Completed work orders}
+ Blueprint reading; Troubleshooting; Conduit bending; 18th Edition; PLC; Preventive maintenance; Hand and power
  tools; National Electrical Code; EPA 608; Soldering; Multimeter; Gas Safe
^ Journeyman Electrician License; City & Guilds 2365; NVQ Level 3 Electrical Installation; Apprenticeship; Trade
  School Certificate; EPA Universal; OSHA 30; ECS Gold Card
= Line Cook; Chef; Sous Chef; Kitchen Porter; Waiter; Waitress; Bartender; Server; Prep Cook; Dishwasher;
  Restaurant Manager; Baker; Food Service Worker; Chef de Partie
* {Prepared|Cooked|Plated} {meals|{60-400} covers a day|breakfast and lunch|sauces and soups|salads and
  desserts|dishes to order} {according to recipes|in a fast-paced kitchen|}
* {Took orders|Served food and drinks|Waited on {4-12} tables|Mixed cocktails|Set up the dining room|Handled bills
  and tips|Hosted private events} {in a {120|80|60}-seat restaurant|}
* {Maintained food hygiene standards|Controlled food costs|Cleaned kitchen equipment|Ordered supplies|Created
  weekly menus|Supervised {3-15} kitchen staff|Washed dishes}
+ Food safety; HACCP; Knife skills; Grill; Menu planning; Multitasking; Working under pressure; Customer service;
  Cocktails; POS; ServSafe; Inventory; Teamwork; Baking
^ Culinary Arts Diploma; ServSafe Certified; NVQ Level 2 Professional Cookery; Food Hygiene Level 2; High School
  Diploma; Associate Degree in Culinary Arts; Personal Licence
= Delivery Driver; Truck Driver; HGV Driver; Bus Driver; Van Driver; Courier; CDL Driver; Driver; Dispatcher;
  Chauffeur; Taxi Driver
* {Delivered|Transported|Hauled} {parcels|groceries|freight|furniture|building materials|passengers} {on routes of
  {20-180} stops|across {3-48} states|safely and on time|multi-drop}
* {Completed vehicle inspections|Maintained log books|Secured loads|Obtained signatures|Planned routes|Kept a clean
  driving record|Drove {a 26 ft box truck|class 1 vehicles|a refrigerated trailer}}
+ Clean driving licence; CDL Class A; HGV Class 1; Digital tachograph; Route planning; Load securing; Driver CPC;
  Hazmat; GPS; Time management; ADR; Defensive driving
^ CDL Class A License; Driver CPC; HGV Class 2; High School Diploma; Category C+E; Defensive Driving Course
= Receptionist; Administrative Assistant; Secretary; Office Assistant; Front Desk Agent; Data Entry Clerk; Personal
  Assistant; Executive Assistant; Office Manager; Call Center Agent
* {Answered|Directed|Screened} {incoming calls|a {4-24} line switchboard|{40-150} calls a day|enquiries} {and took
  messages|politely|and transferred them}
* {Scheduled appointments|Greeted visitors|Managed calendars|Filed documents|Booked travel|Prepared meeting
  minutes|Ordered office supplies|Sorted mail|Typed correspondence|Checked guests in and out}
* {Entered|Updated|Maintained} {data|patient records|customer files|spreadsheets|databases} {in Excel|with {98-99}%
  accuracy|on a daily basis|}
+ Microsoft Office; Typing {50-90} wpm; Multi-line phone; Filing; Calendar management; Outlook; Data entry;
  Organized; Discretion; Written communication; Excel; Front desk
^ Associate Degree in Business Administration; NVQ Level 3 Business Administration; High School Diploma;
  Secretarial Certificate; A Levels; Microsoft Office Specialist
= Security Guard; Security Officer; Door Supervisor; CCTV Operator; Loss Prevention Officer; Patrol Officer;
  Correctional Officer
* {Patrolled|Monitored|Guarded|Secured} {premises|CCTV cameras|entrances|a {office|shopping|construction}
  site|parking areas} {during night shifts|on foot|}
* {Controlled access|Wrote incident reports|Responded to alarms|Prevented theft|Checked IDs|Performed bag
  searches|De-escalated conflicts|Escorted visitors}
+ SIA licence; CCTV; Access control; First aid; Conflict management; Report writing; Radio communication;
  Observation; Physical fitness; Crowd control; Emergency response
^ SIA Door Supervisor Licence; Guard Card; First Aid at Work; High School Diploma; CCTV Licence
= Assembly Line Worker; Production Operator; Machine Operator; CNC Machinist; Welder; Factory Worker; Assembler;
  Quality Inspector; Fabricator; Production Supervisor; Press Operator
* {Assembled|Inspected|Packed|Machined|Welded} {parts|electronic components|automotive parts|steel frames|food
  products|{100-2000} units per shift} {to specification|by hand|}
* {Operated|Set up|Monitored|Cleaned} {production machinery|CNC lathes|presses|conveyor lines|packaging
  equipment|injection moulding machines} {on 12 hour shifts|}
* {Met production quotas|Reduced scrap by {5-40}%|Followed safety procedures|Read technical drawings|Recorded
  production data|Reported defects|Used micrometers and calipers}
+ Assembly; Soldering; MIG and TIG welding; Blueprint reading; CNC; Quality control; Lean; 5S; Calipers and
  micrometers; Shift work; Attention to detail; Machine setup; Hand tools
^ Welding Certificate AWS; NVQ Level 2 Performing Manufacturing Operations; High School Diploma; CNC Certificate;
  Six Sigma Yellow Belt; Technical School
= Construction Worker; Bricklayer; Mason; Carpenter; Painter and Decorator; Roofer; Labourer; Heavy Equipment
  Operator; Site Foreman; Plasterer; General Laborer; Tiler
* {Built|Laid|Installed|Repaired|Framed} {brick walls|foundations|drywall|roofs|concrete slabs|scaffolding|floors
  and tiles|kitchens|timber frames} {on residential sites|for commercial projects|}
* {Mixed mortar|Operated {excavators|a skid steer|dumpers|a mini digger}|Cleaned up job sites|Painted interiors and
  exteriors|Measured and cut materials|Followed health and safety rules|Supervised a crew of {3-20}}
+ CSCS card; Bricklaying; Carpentry; Power tools; Concrete finishing; Scaffolding; Working at height; Painting;
  Drywall; Heavy lifting; Site safety; CPCS; Reading drawings
^ CSCS Card; NVQ Level 2 Bricklaying; City & Guilds Carpentry; Apprenticeship in Construction; OSHA 10; Trade
  Certificate; IPAF
= Cleaner; Housekeeper; Janitor; Room Attendant; Custodian; Cleaning Supervisor; Laundry Attendant; Domestic
  Assistant; Groundskeeper; Gardener; Farm Worker; Mechanic; Hairdresser
* {Cleaned|Sanitized|Maintained} {offices|{10-25} guest rooms a day|restrooms|classrooms|kitchens|hospital
  wards|windows and floors} {to a high standard|using floor machines|}
* {Emptied bins|Vacuumed and mopped|Restocked supplies|Changed bed linen|Mowed lawns|Harvested crops|Pruned
  trees|Cut and styled hair|Changed oil and brakes|Diagnosed engine faults|Fed livestock}
+ Deep cleaning; COSHH; Floor buffing; Laundry; Time management; Attention to detail; Gardening; Tractor driving;
  Hair colouring; Vehicle diagnostics; Trustworthy; Works independently
^ High School Diploma; BICSc Certificate; ASE Certification; NVQ Level 2 Cleaning; Cosmetology License; Level 3
  Light Vehicle Maintenance; GED; RHS Level 2
= Nanny; Childcare Worker; Teaching Assistant; Teacher; Preschool Teacher; Babysitter; Personal Trainer; Lifeguard;
  Camp Counselor; Social Worker; Substitute Teacher; Librarian
* {Supervised|Cared for|Taught|Supported} {children aged {1-5} to {6-14}|a class of {15-32} pupils|students with
  special needs|{2-5} children} {in a safe environment|daily|in after-school programs|}
* {Planned lessons|Prepared meals|Organised activities|Communicated with parents|Graded assignments|Helped with
  homework|Designed workout plans|Managed a caseload of {15-60}|Catalogued books}
+ Classroom management; First aid; Patience; Lesson planning; Safeguarding; Creativity; Behaviour management;
  Special needs; Child development; Storytelling; Fitness coaching
^ Bachelor of Education; PGCE; CDA Credential; Teaching License; NVQ Level 3 Childcare; Master of Social Work;
  Qualified Teacher Status; Paediatric First Aid
"""
