"""Write text into a CSV so that a spreadsheet shows it."""

# A spreadsheet runs a cell that begins like this as a formula (OWASP, CSV injection); the quote makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_text(cell: str) -> str:
    """The cell, which no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
