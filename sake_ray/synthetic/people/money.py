"""Write amounts and dates the way different countries do."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sake_ray.synthetic.wording import WordingSection, read_section

DateWriter = Callable[[date], str]


def _read_calendar(language: str) -> WordingSection:
    return read_section(f"{language}/people", "calendar")


def name_month(day: date, language: str) -> str:
    """Name the month of a day."""
    return _read_calendar(language)["month"][day.month - 1]


def abbreviate_month(day: date, language: str) -> str:
    """Name the month of a day in short."""
    short = _read_calendar(language).wordings.get("short_month")
    return short[day.month - 1] if short else name_month(day, language)[:3]


def choose_dates(rng: random.Random, language: str) -> DateWriter:
    """Choose how one document writes its dates."""
    form = rng.choice(_read_calendar(language)["date"])

    def write_date(day: date) -> str:
        return form.format(
            d=day.day,
            dd=f"{day.day:02}",
            m=day.month,
            mm=f"{day.month:02}",
            yy=f"{day.year % 100:02}",
            yyyy=day.year,
            month=name_month(day, language),
            mon=abbreviate_month(day, language),
        )

    return write_date


def choose_day(rng: random.Random, first: int = 2006, last: int = 2026) -> date:
    """Choose a day of these years."""
    return date(first, 1, 1) + timedelta(days=rng.randrange((last - first + 1) * 365))


@dataclass(frozen=True, slots=True)
class Money:
    """How one document writes its amounts."""

    symbol: str
    before: bool
    spaced: bool
    thousands: str
    decimal: str

    def number(self, amount: float, digits: int = 2) -> str:
        """Write an amount without its currency."""
        plain = f"{amount:,.{digits}f}"
        return plain.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)

    def amount(self, amount: float) -> str:
        """Write an amount with its currency."""
        gap = " " if self.spaced else ""
        sign, amount = ("-", -amount) if amount < 0 else ("", amount)
        number = self.number(amount)
        return f"{sign}{self.symbol}{gap}{number}" if self.before else f"{sign}{number}{gap}{self.symbol}"


def choose_money(rng: random.Random, language: str) -> Money:
    """Choose a currency and a way to write it."""
    if language == "en":
        symbol = rng.choice(
            ("$",) * 6 + ("£",) * 4 + ("€", "USD", "GBP", "EUR", "CAD", "A$", "CHF", "US$", "INR", "AED")
        )
        thousands = "'" if symbol == "CHF" else rng.choice((",", ",", ",", ""))
        return Money(symbol, rng.random() < 0.9, len(symbol) > 2, thousands, ".")
    symbol = (
        rng.choice(("€",) * 8 + ("EUR", "EUR", "euros", "CHF", "FCFA", "DH"))
        if language == "fr"
        else rng.choice(("€", "€", "EUR"))
    )
    thousands = rng.choice((" ", " ", " ", "", ".") if language in {"fr", "en"} else (".", ".", ""))
    decimal = "." if thousands in {"", " "} and rng.random() < 0.12 else ","
    return Money(
        symbol, language == "nl" and rng.random() < 0.7, rng.random() < 0.85 or len(symbol) > 1, thousands, decimal
    )
