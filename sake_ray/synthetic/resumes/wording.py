"""The headings, openings and small facts of CVs, in French and English, and some headings of their neighbours."""

# Everything here is a template; lists are split at semicolons, blocks at their lines.
HEADINGS = {
    "fr": """
work: Expérience professionnelle; Expériences professionnelles; EXPÉRIENCES PROFESSIONNELLES; Parcours
  professionnel; Expériences; EXPÉRIENCE; Mes expériences; Emplois occupés; Expérience; Carrière
education: Formation; FORMATION; Formations; Diplômes et formations; Études; Formation et diplômes; Parcours
  scolaire; Diplômes; Cursus; Scolarité; Études et formations; Formation académique
skills: Compétences; COMPÉTENCES; Compétences professionnelles; Compétences clés; Savoir-faire; Compétences
  techniques; Atouts; Domaines de compétences; Compétences et qualités; Aptitudes
tools: Informatique; Logiciels; Outils; Compétences informatiques; Bureautique; Langages et outils
languages: Langues; LANGUES; Langues étrangères; Langues parlées; Compétences linguistiques
interests: Centres d'intérêt; CENTRES D'INTÉRÊT; Loisirs; Intérêts; Hobbies; Activités extra-professionnelles;
  Divers; Passions; Activités
profile: Profil; PROFIL; À propos; À propos de moi; Profil professionnel; Objectif; Présentation; Accroche; Qui
  suis-je ?; Résumé; Objectif professionnel; Projet professionnel
contact: Contact; CONTACT; Coordonnées; Informations personnelles; Mes coordonnées; État civil; Données personnelles
qualities: Qualités; Savoir-être; Points forts; Mes qualités; Qualités personnelles
certificates: Certifications; Permis et habilitations; Habilitations; Formations complémentaires; Certificats; Permis
projects: Projets; Réalisations; Projets académiques; Projets personnels; Réalisations clés
references: Références; Recommandations
publications: Publications; Publications et communications; Travaux de recherche
volunteering: Bénévolat; Engagement associatif; Vie associative; Expérience associative
training: Stages; Stages et jobs d'été; Jobs saisonniers; Missions d'intérim; Alternance
""",
    "en": """
work: Work Experience; WORK EXPERIENCE; Professional Experience; Experience; EXPERIENCE; Employment History;
  Employment; Career History; Work History; Relevant Experience; Professional Background
education: Education; EDUCATION; Education and Training; Academic Background; Qualifications; Education &
  Qualifications; Academic History; Education and Qualifications; Educational Background
skills: Skills; SKILLS; Key Skills; Core Competencies; Technical Skills; Areas of Expertise; Skills & Abilities;
  Professional Skills; Core Skills; Highlights; Strengths; Skills Summary; Additional Skills
tools: Software; Tools; Technologies; Computer Skills; IT Skills; Programming
languages: Languages; LANGUAGES; Language Skills; Languages spoken
interests: Interests; Hobbies; Hobbies and Interests; Activities; Interests & Activities; Personal Interests
profile: Profile; PROFILE; Summary; Professional Summary; Objective; Career Objective; About Me; Personal
  Statement; SUMMARY; Personal Profile; Career Summary; Executive Summary; Resume Objective
contact: Contact; CONTACT; Contact Details; Personal Details; Personal Information; Get in touch; Contact Information
qualities: Personal Qualities; Soft Skills; Strengths; Attributes
certificates: Certifications; Certificates; Licenses & Certifications; Professional Development; Training; Courses;
  Licenses
projects: Projects; Selected Projects; Academic Projects; Key Achievements; Accomplishments; Personal Projects;
  Achievements
references: References; REFERENCES; Referees
publications: Publications; Selected Publications; Publications and Presentations; Conference Papers
volunteering: Volunteering; Volunteer Experience; Community Service; Volunteer Work; Extracurricular Activities;
  Leadership & Activities
training: Internships; Internship; Awards; Honors & Awards; Awards and Honors; Affiliations; Professional
  Memberships; Military Service
""",
    "de": """
work: Berufserfahrung; Beruflicher Werdegang; Praktische Erfahrung
education: Ausbildung; Bildungsweg; Schulbildung; Studium
skills: Kenntnisse; Fähigkeiten; Besondere Kenntnisse
languages: Sprachen; Sprachkenntnisse
interests: Interessen; Hobbys
profile: Profil; Über mich; Kurzprofil
contact: Persönliche Daten; Kontakt
""",
    "es": """
work: Experiencia laboral; Experiencia profesional; Experiencia
education: Formación académica; Estudios; Educación; Formación
skills: Habilidades; Competencias; Aptitudes; Conocimientos
languages: Idiomas
interests: Intereses; Aficiones
profile: Perfil; Sobre mí; Objetivo; Perfil profesional
contact: Datos personales; Contacto
""",
}
TITLES = {
    "fr": "Curriculum Vitae; CURRICULUM VITÆ; CURRICULUM VITAE; CV; Curriculum vitae",
    "en": "Curriculum Vitae; CURRICULUM VITAE; Resume; RESUME; Résumé; CV",
}
PROFILES = {
    "fr": """
{Dynamique|Motivé|Sérieux|Rigoureux|Polyvalent|Autonome} et {organisé|ponctuel|volontaire|à
  l'écoute|consciencieux}, je {recherche|suis à la recherche d'|souhaite obtenir} {un emploi de|un poste de|une
  mission de} {job}
{Fort|Forte} de {2-25} ans d'expérience {en tant que|comme} {job}, je {souhaite mettre mes compétences au service
  de votre entreprise|maîtrise {skill} et {skill}|recherche de nouveaux défis}
{job} {avec|justifiant de|ayant} {2-20} ans d'expérience {dans le secteur|en entreprise|à l'international|en
  intérim}, {spécialisé|compétent} en {skill} et {skill}
{Actuellement|} {en recherche d'emploi|en poste|étudiant en alternance|en reconversion professionnelle},
  {disponible immédiatement|disponible de suite|mobile sur toute la région|véhiculé}
{Mon parcours|Mon expérience} {m'a permis de développer|m'a appris} {le sens des responsabilités|l'esprit
  d'équipe|une grande capacité d'adaptation|la rigueur et l'autonomie}
{Passionné par|Diplômé en|Intéressé par} {mon métier|{skill}}, je {mets un point d'honneur à satisfaire la
  clientèle|m'investis dans chaque projet|suis force de proposition}
Intégrer une {équipe|entreprise|structure} {dynamique|à taille humaine|internationale} {en qualité de|comme} {job}
""",
    "en": """
{Hard-working|Dedicated|Reliable|Motivated|Results-driven|Detail-oriented|Enthusiastic|Experienced} {job} with
  {over|more than|} {2-25} years of experience {in|specialising in|including} {skill} and {skill}
{Seeking|Looking for|To obtain} a {challenging|full-time|rewarding|part-time} {position|role|opportunity} as {job}
  {where I can use my skills|to grow with a company|in a dynamic organization}
{Proven track record|Demonstrated history|Strong background} {of|in} {leading teams|delivering results|exceeding
  targets|providing excellent service|{skill}}
{Excellent|Strong|Outstanding} {communication|interpersonal|organisational|problem-solving} skills and {the ability
  to work under pressure|a positive attitude|a passion for {skill}}
I am a {friendly|confident|punctual|creative} {person|team player|professional} who {enjoys|thrives on} {working
  with people|meeting deadlines|learning new things|solving problems}
{Available immediately|Willing to relocate|Open to shift work|Eligible to work in the UK|Authorized to work in the
  US|Full clean driving licence}
Recent graduate {in|of} {skill} {eager to|keen to} {start a career as|gain experience as} {job}
""",
}
SCHOOLS = {
    "fr": """Lycée {professionnel|} {Jean Moulin|Victor Hugo|Jules Ferry|{last}|Saint-Exupéry};
        Université {de|} {city}; Université Paris {1-13}; IUT de {city}; AFPA {city}; GRETA; CFA {de|} {city};
        École {supérieure|} de {commerce|design} de {city}; INSA {Lyon|Rouen|Toulouse}; Centre de formation {last};
        Collège {last}; IFSI de {city}; CNAM; OpenClassrooms; Université de {Kinshasa|Dakar|Tunis|Alger|Casablanca}""",
    "en": """{city} High School; University of {city}; {city} State University; {last} College;
        {city} Community College; {last} Academy; {city} University; {last} Institute of Technology;
        {city} College of Further Education; King's College; {last} School of Nursing; Open University;
        {last} Business School; Technical Institute of {city}; University of {Lagos|Mumbai|Manila|Nairobi}""",
}
DEGREES = {
    "fr": """Baccalauréat {général|scientifique|ES|L|STI2D|STMG|}; Brevet des collèges; DNB; BEPC; Licence {1|2|3|};
        Master 1; Bac S mention {bien|assez bien}; Remise à niveau; Niveau bac; DAEU;
        Certificat de formation générale; VAE""",
    "en": """High School Diploma; GED; GCSEs including Maths and English;
        A Levels: {Biology|History|Maths}, {Art|Physics}, {French|Economics}; Associate of Arts;
        Bachelor of {Arts|Science}; Some college coursework; BTEC National Diploma; Foundation course""",
}
DETAILS = {
    "fr": """Mention {bien|très bien|assez bien}; En alternance chez {firm}; Spécialité {skill}; Major de promotion;
        Mémoire : {skill}; Obtenu avec mention; Niveau; Projet de fin d'études; Par correspondance; En cours""",
    "en": """GPA: 3.{1-9}/4.0; Graduated with honors; Upper second class (2:1); First Class Honours; Dean's List;
        Relevant coursework: {skill}, {skill}; Minor in {skill}; Dissertation: {skill}; Cum laude; Grades A-C;
        In progress""",
}
LANGUAGES = {
    "fr": """Français; Anglais; Espagnol; Allemand; Arabe; Italien; Portugais; Chinois; Russe; Turc; Wolof; Berbère;
        Roumain; Polonais; Lingala""",
    "en": """English; French; Spanish; German; Arabic; Mandarin; Hindi; Portuguese; Polish; Urdu; Italian; Japanese;
        Russian; Tagalog; Yoruba""",
}
LEVELS = {
    "fr": """langue maternelle; courant; lu, écrit, parlé; notions; B1; B2; C1; bilingue; niveau scolaire;
        TOEIC {600-985}; intermédiaire; débutant; professionnel""",
    "en": """native; fluent; conversational; basic; intermediate; B2; C1; bilingual; mother tongue; advanced;
        working knowledge; IELTS {6-8}.5; beginner""",
}
INTERESTS = {
    "fr": """Football; Lecture; Voyages {en Asie|en Europe|}; Cinéma; Musique; Cuisine; Natation; Randonnée;
        Photographie; Jardinage; Bricolage; Course à pied; Danse; Théâtre; Pêche; Jeux vidéo; Judo en club;
        Bénévolat aux Restos du Cœur; Guitare; Vélo; Couture; Échecs; Basket-ball""",
    "en": """Football; Reading; Travelling; Cooking; Music; Hiking; Photography; Swimming; Gardening; Chess;
        Volunteering at animal shelter; Running marathons; Yoga; Painting; Basketball; Fishing; Movies;
        Playing guitar; Blogging; Cycling; Baking; Gym""",
}
QUALITIES = {
    "fr": """Ponctuel; Rigoureux; Esprit d'équipe; Sens du contact; Autonome; Organisé; Dynamique; Polyvalent; Motivé;
        À l'écoute; Créatif; Patient; Réactif; Capacité d'adaptation; Sérieux; Sens des responsabilités; Courageux""",
    "en": """Teamwork; Communication; Leadership; Punctuality; Problem solving; Time management; Adaptability;
        Attention to detail; Creativity; Work ethic; Positive attitude; Critical thinking; Reliability; Fast learner;
        Honesty""",
}
FACTS = {
    "fr": """{18-62} ans; Né le {date}; Née le {date} à {city};
        Nationalité {française|marocaine|portugaise|tunisienne|congolaise}; Permis B; Permis B, véhiculé; Célibataire;
        Marié, {1-4} enfants; Permis de conduire; linkedin.com/in/{slug}; github.com/{slug}; Disponible immédiatement;
        Situation : {célibataire|marié}; Mobilité : {nationale|Île-de-France}; Titulaire du permis B;
        Véhicule personnel; Portfolio : www.{slug}.fr""",
    "en": """linkedin.com/in/{slug}; LinkedIn: {slug}; github.com/{slug}; Date of birth: {date};
        Nationality: {British|Indian|Nigerian|American|Polish|Filipino}; Driving licence: {Full|Yes|Clean};
        Marital status: {Single|Married}; www.{slug}.com; twitter.com/{slug}; Portfolio: {slug}.com; Age: {18-60};
        Gender: {Male|Female}; Available {immediately|from September}; Skype: {slug}""",
}
RESULTS = {
    "fr": """{Augmentation|Hausse} {du chiffre d'affaires|de la productivité|de la satisfaction client} de {3-60} %;
        {Réduction|Baisse} {des coûts|des délais|des erreurs} de {5-50} %;
        Participation à {la mise en place d'un ERP|un projet d'amélioration|l'ouverture d'un magasin};
        Formation des nouveaux {arrivants|collaborateurs|intérimaires}; Remplacement de congés;
        Polyvalence sur plusieurs postes; Respect des délais et des consignes; Reporting auprès de la direction;
        Remplacements et renfort d'équipe; Missions en intérim pour {firm}; CDD de {2-11} mois; Tutorat d'apprentis""",
    "en": """{Increased|Improved} {sales|productivity|customer satisfaction|efficiency} by {3-60}%;
        {Reduced|Lowered} {costs|errors|waste|turnaround time} by {5-50}%; Awarded Employee of the Month;
        Trained and supervised new {hires|employees|team members};
        Promoted to {team leader|supervisor} after {1-3} years; Ensured compliance with health and safety;
        Worked closely with {management|clients|the {last} team};
        Responsible for {daily reporting|quality control|opening and closing};
        Assisted the manager with {scheduling|planning|reports};
        Received positive feedback from {clients|supervisors};
        Duties included {filing|cleaning|stock control} and general support""",
}
REFERENCES = {
    "fr": """Références disponibles sur demande; {firm}, M. {last}, {phone}; Lettre de recommandation sur demande;
        Mme {last}, directrice chez {firm}""",
    "en": """References available upon request; References available on request; Available on request;
        {first} {last}, Manager at {firm}, {phone}; Dr. {last}, {city} University;
        Mr {last}, {firm}, former supervisor""",
}
TAILS = {
    "fr": """
{au sein d'une équipe de {3-25} personnes|en équipe|en autonomie|en binôme avec le responsable}
en {collaboration|lien|relation} avec {le service {qualité|commercial|technique|comptabilité}|les clients|les
  fournisseurs|la direction|l'équipe médicale}
{pour le compte de|chez notre client|pour un client du secteur} {{firm}|bancaire|industriel|de la grande distribution}
{dans le respect|en veillant au respect} des {délais|procédures|normes d'hygiène et de sécurité|consignes}
{afin d'améliorer|permettant d'améliorer|pour garantir} {la satisfaction des clients|la qualité de service|la
  productivité|la sécurité}
et {participation|contribution} à {l'amélioration continue|la formation des nouveaux|la vie du
  service|l'organisation du travail}
{sur {2-12} sites|sur un secteur de {2-9} départements|pour {10-400} utilisateurs|à raison de {20-39} heures par
  semaine}
""",
    "en": """
{as part of a team of {3-25}|independently|in a fast-paced environment|under tight deadlines|with minimal supervision}
in {collaboration|partnership|coordination} with {the sales team|clients and suppliers|senior
  management|engineering|medical staff}
{for clients including|on behalf of|for} {firm}
{ensuring|while ensuring|to ensure} {compliance with company policies|customer satisfaction|quality standards|a
  safe working environment|on-time delivery}
{resulting in|leading to|contributing to} {a {3-60}% increase in {sales|efficiency|satisfaction}|savings of
  ${2-900}k|fewer complaints|faster turnaround}
and {assisted with training new staff|reported results to management|took part in weekly meetings|maintained
  accurate records}
across {2-12} {sites|stores|departments|countries|projects}
""",
}
PLACES = {
    "fr": """
    {Société|PME|Groupe} {de transport|du bâtiment|agroalimentaire|industrielle|de conseil} ({15-4000} salariés);
    Contexte : {remplacement|surcroît d'activité|création de poste|projet de migration};
        Secteur : {santé|grande distribution|automobile|banque}; Mission d'intérim {de {2-18} mois|renouvelée}""",
    "en": """
    {Leading|Family-owned|Local} {manufacturer|retailer|logistics company|non-profit} with {15-4000} employees;
    Reported to the {Director|Branch Manager|Head of Department};
        Full-time, {permanent|temporary} contract; Promoted from {trainee|assistant} in {2-14} months;
        Reason for leaving: {end of contract|relocation}""",
}
STACKS = {
    "fr": "{Environnement technique|Environnement|Outils|Technologies} : {tool}, {tool}, {tool}, {skill}",
    "en": "{Technologies|Tech stack|Environment|Key skills|Tools used}: {tool}, {tool}, {skill}, {skill}",
}
OFFICE = """Word; Excel; PowerPoint; Outlook; Pack Office; Microsoft Office; Internet; SAP; Sage; Windows; Photoshop;
    Access; Google Docs; Teams;
    Excel (TCD, RechercheV); Zoom; Adobe Acrobat; Canva; Open Office; CIEL; Salesforce"""
TOOLS = """React; Spring Boot; Docker; Python; PHP; Kubernetes; Jenkins; PostgreSQL; SolidWorks; AutoCAD; Excel; R;
    TensorFlow; Java; Symfony; Node.js; Angular; AWS; SQL; Power BI; Ansible; CATIA; Pandas; GitLab; Tableau; C++"""
PROJECTS = {
    "fr": """
        {Création|Conception} d'{une application de gestion|un site web pour une association|un jeu vidéo};
        {Organisation|Coordination} d'un {festival|tournoi sportif|voyage humanitaire au {Sénégal|Maroc|Népal}};
        Rénovation complète d'une {maison|cuisine|moto}; Refonte du processus de {facturation|commande|recrutement}""",
    "en": """
        {Built|Developed|Created} {a {weather|budgeting|recipe} app in {tool}|an e-commerce website|a classifier};
        {Organised|Led} {a charity event raising ${500-9000}|a student club of {10-90} members};
        Senior design project: {autonomous robot|solar charger|bridge model};
        Won {first|second|third} place in {hackathon|a business plan competition}""",
}
