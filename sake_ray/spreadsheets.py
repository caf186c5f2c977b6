"""Write text into a CSV so that spreadsheets show it as text."""

# A spreadsheet runs a cell that begins like this as a formula (OWASP, CSV injection); the quote makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(cell: str) -> str:
    """Escape a cell that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
