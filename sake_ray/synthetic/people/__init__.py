"""The people, firms, money, dates, phrases and typefaces that invoices and CVs are made of."""
