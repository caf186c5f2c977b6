"""Write the date ranges of a CV, from the newest back."""

import random
from datetime import date

from sake_ray.synthetic.people.money import abbreviate_month, name_month
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.wording import read_section


class Spans:
    """Date ranges going back in time, all written in one way."""

    def __init__(self, rng: random.Random, language: str, end: date) -> None:
        self.rng, self.language, self.end = rng, language, end
        self.wording = read_section(f"{language}/resumes", "text")
        self.form = rng.choice(("year", "year", "year", "month", "month", "short", "number", "words", "single"))
        self.link = rng.choice(
            (" - ", " – ", "-", f" {self.wording.get_only('until')} ", "–", " / " if happens(rng, 0.1) else " - ")
        )
        self.last = True

    def next(self, longest: int = 60) -> str:
        """Write the range before the one written last; the first one may still run."""
        months = self.rng.randint(2, longest)
        begin = _months_back(self.end, months)
        running = self.last and happens(self.rng, 0.5)
        self.last = False
        if running and self.form == "words":
            text = f"{self.wording.get_only('since')} {self._write(begin)}"
        elif self.form == "single":
            text = f"{begin.year}"
        else:
            text = self._write(begin)
            until = self.rng.choice(self.wording["now"]) if running else self._write(self.end)
            text += self.link + until if until != text else ""
        self.end = _months_back(begin, self.rng.choice((0, 0, 1, 2, 4, 8)))
        return text

    def _write(self, day: date) -> str:
        match self.form:
            case "month" | "words":
                name = name_month(day, self.language)
                return f"{name.capitalize()} {day.year}"
            case "short":
                return f"{abbreviate_month(day, self.language)} {day.year}"
            case "number":
                return f"{day.month:02}/{day.year}"
            case _:
                return str(day.year)


def _months_back(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
