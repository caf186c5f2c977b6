"""What English CVs say of office, technical, creative and research jobs. = titles, * tasks, + skills, ^ diplomas."""

TRADES = """
= Software Engineer; Full Stack Developer; Senior Software Developer; Web Developer; Backend Engineer; Frontend
  Developer; Mobile Developer; Java Developer; Tech Lead; QA Engineer
* {Developed|Designed|Built|Shipped|Maintained|Refactored} {REST APIs|web applications|microservices|a mobile app
  with {10-900}k users|internal tools|payment integrations|a search engine} {using {tool}|in {tool} and {tool}|}
* {Reduced|Cut|Improved} {page load time|latency|build times|test coverage|deployment time|infrastructure costs} by
  {10-80}% {by introducing {tool}|through caching|}
* {Led code reviews|Mentored {2-9} junior engineers|Wrote unit and integration tests|Set up CI/CD pipelines|Worked
  in an agile team of {4-15}|Migrated a legacy monolith to {tool}|Fixed production bugs}
+ Python; Java; JavaScript; TypeScript; React; Angular; Node.js; Go; C++; C#; SQL; PostgreSQL; MongoDB; Docker;
  Kubernetes; AWS; Git; Linux; GraphQL; HTML/CSS; Spring; Django; Ruby on Rails; Redis; Kafka
^ BSc Computer Science; MSc Software Engineering; Bachelor of Engineering; B.Tech in Computer Science; AWS
  Certified Developer; Coding Bootcamp; B.S. in Computer Science; HND Computing
= System Administrator; Network Engineer; DevOps Engineer; IT Support Specialist; Help Desk Technician; Cloud
  Engineer; Database Administrator; Security Analyst; IT Manager; Site Reliability Engineer
* {Administered|Managed|Configured|Monitored|Upgraded} {Windows and Linux servers|{50-3000} workstations|Active
  Directory|firewalls and VPNs|VMware clusters|backups|Cisco switches|cloud infrastructure}
* {Resolved {10-60} tickets per day|Provided tier {1|2|3} support|Automated deployments with {tool}|Achieved
  99.9{5|9}% uptime|Conducted vulnerability assessments|Documented procedures|Managed vendors}
+ Windows Server; Active Directory; Linux; Cisco IOS; VMware; PowerShell; Bash; Terraform; Ansible; Azure; AWS;
  Jenkins; ServiceNow; Office 365; TCP/IP; Splunk; Nagios; SQL Server; ITIL
^ CompTIA A+; CCNA; MCSE; BSc Information Technology; Associate Degree in Network Administration; CISSP; ITIL
  Foundation; AWS Solutions Architect; Security+
= Data Scientist; Data Analyst; Research Assistant; Postdoctoral Researcher; Machine Learning Engineer; PhD
  Candidate; Assistant Professor; Statistician; Laboratory Technician; Research Scientist; Data Engineer
* {Analysed|Analyzed|Modelled|Visualised} {customer data|large datasets|clinical trial data|time series|survey
  data|genomic sequences|sales trends} {using {tool}|with {tool} and {tool}|}
* {Built|Trained|Evaluated} {predictive models|recommendation systems|deep neural networks|dashboards|ETL
  pipelines} {increasing {revenue|accuracy|retention} by {3-40}%|in {tool}|}
* {Taught undergraduate courses|Published {2-14} peer-reviewed papers|Presented at international
  conferences|Supervised {2-8} students|Prepared samples|Performed PCR and ELISA|Wrote grant proposals|Designed
  experiments}
+ Python; R; SQL; Pandas; TensorFlow; PyTorch; scikit-learn; Tableau; Power BI; Spark; MATLAB; LaTeX; SPSS; SAS;
  Statistics; PCR; Cell culture; HPLC; Experimental design; Stata; Excel
^ PhD in {Physics|Biology|Computer Science|Economics|Chemistry|Psychology}; MSc Data Science; M.S. in Statistics;
  BSc Mathematics; MPhil; Bachelor of Arts in Economics; Postgraduate Diploma
= Accountant; Accounts Assistant; Bookkeeper; Accounts Payable Clerk; Financial Analyst; Auditor; Payroll
  Specialist; Finance Manager; Controller; Tax Associate; Bank Teller; Credit Analyst
* {Prepared|Reviewed|Reconciled} {monthly financial statements|bank accounts|tax returns|general ledger
  entries|budgets and forecasts|payroll for {20-800} employees|VAT returns|expense reports}
* {Processed {100-2000} invoices per month|Managed accounts payable and receivable|Assisted with year-end
  audit|Reduced outstanding debt by {10-60}%|Built financial models|Performed variance analysis|Month end
  close|Handled cash deposits}
+ QuickBooks; Sage; SAP; Xero; Advanced Excel; GAAP; IFRS; Oracle; General ledger; Financial reporting;
  Reconciliation; Budgeting; Pivot tables; Payroll; Tax preparation; NetSuite
^ CPA; ACCA; AAT Level 4; Bachelor of Accounting; BSc Finance; MBA Finance; CFA Level II; BBA; Master of
  Accountancy; CIMA
= Mechanical Engineer; Civil Engineer; Project Engineer; Quality Engineer; Process Engineer; Electrical Engineer;
  Design Engineer; Manufacturing Engineer; CAD Technician; Site Engineer; Architect; Chemical Engineer
* {Designed|Modelled|Tested|Validated} {mechanical components|HVAC systems|steel structures|circuit boards|fixtures
  and tooling|drainage systems|test benches} {using {tool}|to ISO standards|}
* {Managed {projects|contracts} worth {$|£|€}{50-900}k|Coordinated subcontractors|Performed root cause
  analysis|Reduced defects by {5-60}%|Prepared technical drawings|Ran stress analysis|Wrote specifications|Led
  kaizen events}
+ AutoCAD; SolidWorks; CATIA; ANSYS; MATLAB; Revit; Six Sigma; Lean manufacturing; FMEA; MS Project; PLC
  programming; GD&T; Civil 3D; Thermodynamics; Minitab; ISO 9001; Primavera
^ BEng Mechanical Engineering; MEng Civil Engineering; B.S. in Electrical Engineering; Professional Engineer (PE);
  Six Sigma Green Belt; Chartered Engineer; HNC Engineering; M.Arch
= Sales Representative; Account Manager; Sales Manager; Business Development Manager; Account Executive; Real
  Estate Agent; Insurance Agent; Purchasing Agent; Telemarketer; Territory Manager; Buyer
* {Exceeded|Achieved|Surpassed} {quarterly sales quota|targets|annual revenue goals} by {5-65}% {for {2-6}
  consecutive {quarters|years}|}
* {Generated new leads|Managed a portfolio of {20-400} accounts|Negotiated contracts|Made {40-120} cold calls a
  day|Grew territory revenue from ${1-4}M to ${5-9}M|Gave product demonstrations|Attended trade shows|Sourced
  suppliers}
+ Salesforce; CRM; Negotiation; Cold calling; B2B sales; Account management; Pipeline management; Presentation;
  HubSpot; Closing; Lead generation; Procurement; Relationship building
^ BA Business Administration; Bachelor of Marketing; Real Estate License; MBA; BSc Business Management; Associate
  Degree; CIPS Level 4
= Marketing Manager; Graphic Designer; UX Designer; Social Media Manager; Content Writer; Art Director; Product
  Manager; Copywriter; Photographer; Journalist; Event Planner; Web Designer; Translator
* {Created|Designed|Launched|Managed} {marketing campaigns|brand identities|logos and brochures|wireframes and
  prototypes|email newsletters|social media content|landing pages|a content calendar}
* {Increased|Grew|Boosted} {organic traffic|followers|engagement|conversion rate|newsletter subscribers|brand
  awareness} by {10-300}% {in {3-18} months|year over year|}
* {Conducted user research|Wrote press releases|Managed a budget of ${10-900}k|Edited photos and video|Organised
  {5-40} events|Defined the product roadmap|Collaborated with developers|Ran A/B tests}
+ Adobe Photoshop; Illustrator; InDesign; Figma; Sketch; SEO; Google Analytics; WordPress; Copywriting; Premiere
  Pro; Canva; Mailchimp; Typography; User research; HTML; Storytelling; Google Ads
^ BFA Graphic Design; BA Journalism; BA Marketing; MA Communications; Google Analytics Certification; Bachelor of
  Fine Arts; Diploma in Photography; BA English Literature
= Project Manager; Human Resources Manager; Operations Manager; HR Assistant; Recruiter; General Manager; Program
  Director; Scrum Master; Chief Executive Officer; Attorney; Paralegal; Business Analyst; Consultant
* {Led|Managed|Directed|Supervised} {a team of {3-120}|cross-functional teams|daily operations|{5-30} concurrent
  projects|a ${1-50}M budget|strategic planning} {across {2-14} sites|to deliver on time|}
* {Recruited and onboarded {10-300} employees|Implemented new policies|Gathered business requirements|Reduced
  turnover by {5-45}%|Reported to senior management|Improved efficiency by {5-60}%|Drafted contracts|Ran sprint
  planning}
+ Leadership; Strategic planning; Budget management; PMP; Agile and Scrum; Stakeholder management; HRIS; Employment
  law; Jira; Change management; Recruitment; Risk management; Legal research; Negotiation
^ MBA; PMP; BA Human Resources; Juris Doctor; PRINCE2 Practitioner; LLB; SHRM-CP; CIPD Level 5; Bachelor of
  Business Administration; Executive MBA; MA International Relations
= Pharmacist; Physician; Pharmacy Technician; Physical Therapist; Psychologist; Veterinary Technician; Dentist;
  Medical Secretary; Radiographer; Dietitian; Counselor; Occupational Therapist
* {Dispensed prescriptions|Diagnosed and treated patients|Developed treatment plans|Performed X-rays|Conducted
  assessments|Counselled clients|Led group therapy|Verified insurance|Advised on nutrition}
* {Maintained medical records|Consulted with {10-40} patients daily|Completed a residency in {internal
  medicine|pediatrics|surgery}|Took part in clinical audits|Ensured HIPAA compliance|Trained interns}
+ Patient assessment; Clinical documentation; HIPAA; Medical terminology; EMR; Diagnostics; Rehabilitation;
  Pharmacy software; Empathy; Counseling; Radiography; Treatment planning
^ Doctor of Medicine; PharmD; Doctor of Physical Therapy; MSc Clinical Psychology; Board Certified; BSc
  Radiography; Pharmacy Technician Certification; MBBS
"""
