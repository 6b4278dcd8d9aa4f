"""How the people of one site write numbers, money, dates and times. The data is Unicode's CLDR, by Babel."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton
from babel.numbers import NumberPattern, format_currency, format_decimal, format_percent, parse_pattern

from bot.writing.spans import span

INTERNATIONAL = "en-150"  # English as it is written in Europe: 1,234.5 and 14 Nov 2026, 14:05

_FRACTION = re.compile(r"\.[#0]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CODE = re.compile(r"[A-Za-z]{2,3}")
_LARGE = ((10**9, "bn"), (10**6, "M"), (10**4, "k"))
_MOST_DIGITS = 15  # beyond this a number is shown by its power of ten, however it was written
_LONGEST = 10**9  # seconds
_LARGEST_SHARE = 10**6


class UnknownLocale(ValueError):
    """Nobody writes like that, as far as Unicode knows."""


@lru_cache(maxsize=32)
def locale(name: str) -> Locale:
    """Find a locale by its name: `de`, `en-US`, `fr_CH`. Raise UnknownLocale.

    Only the data of the locale that is asked for is loaded, about a megabyte.
    """
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise UnknownLocale(f"{name!r} is no locale") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """Numbers and times as one site's people write them: in their `zone`, by their `locale`.

    Words stay English; signs, orders, and the names of days and months are the locale's.
    """

    zone: ZoneInfo
    locale: str = INTERNATIONAL

    def number(self, value: object) -> str:
        """Group by thousands; a fraction has two decimals, or two digits that are not zero where it is tiny.

        What is not a number is shown as it is.
        """
        amount = _decimal(value)
        if amount is None or not amount.is_finite():
            return str(value if amount is None else amount)
        if amount and abs(amount.adjusted()) > _MOST_DIGITS:
            return f"{amount:.3e}".replace(".", self._locale.number_symbols["latn"]["decimal"])
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= 0:
            return self._decimals(amount, 0)
        return self._decimals(amount, 1 - amount.adjusted() if amount and amount.adjusted() < -2 else 2)

    def compact(self, value: float) -> str:
        """Write a number for the edge of a picture: `950`, `12.5k`, `3M`."""
        amount = Decimal(repr(value))
        if amount and abs(amount.adjusted()) > _MOST_DIGITS:
            return f"{value:.0e}"
        for least, letter in _LARGE:
            if abs(amount) >= least:
                return self._shortest(amount / (1_000 if letter == "k" else least)) + letter
        return self._shortest(amount)

    def measure(self, value: object, unit: object = "") -> str:
        """Write a number of a unit: "%" makes 0.125 to 12.5%, "s" makes seconds to a span, "EUR" money.

        Anything else is counted, and what was expected is seldom whole: from ten on it is rounded.
        """
        if not isinstance(value, int | float) or not math.isfinite(value):
            return "" if value is None else str(value)
        if unit == "%" and abs(value) < _LARGEST_SHARE:
            return self.percent(value, 1)
        if unit == "s" and abs(value) < _LONGEST:
            return ("−" if value < 0 else "") + span(timedelta(seconds=value)) if value else "0 s"
        if isinstance(unit, str) and _CURRENCY.fullmatch(unit):
            return self.money(value, unit)
        if abs(value) >= 10 or value == round(value):
            return self.number(round(value))
        return self._decimals(Decimal(repr(value)), 1)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of one in per cent, with at most so many decimals."""
        whole, _, zero = self._locale.percent_formats[None].pattern.partition("0")
        pattern = f"{whole}0.{'#' * decimals}{zero}" if decimals else f"{whole}0{zero}"
        return str(format_percent(share, format=pattern, locale=self._locale))

    def money(self, value: object, currency: object = "") -> str:
        """Write an amount with its currency; what is no currency's code stands behind it as it is."""
        amount, code = _decimal(value), str(currency).strip()
        if amount is None or not amount.is_finite() or (amount and abs(amount.adjusted()) > _MOST_DIGITS):
            return f"{self.number(value)} {code}".strip()
        if _CURRENCY.fullmatch(code):
            return str(format_currency(amount, code, locale=self._locale))
        return f"{self._decimals(amount, 2)} {code}".strip()

    def when(self, instant: datetime) -> str:
        """Write an instant in the site's own time: `14 Nov 2026, 14:05 CET`."""
        local = instant.astimezone(self.zone)
        name = local.tzname() or ""
        return f"{self.dated(local.date())}, {self.time(instant)} {name if name.isalpha() else f'UTC{name}'}"

    def time(self, instant: datetime) -> str:
        """Write the time of day: `14:05`, or `2:05 PM` where people count so."""
        return self._clock(instant, "m")

    def clock(self, instant: datetime) -> str:
        """Write the time of day to the second, for lists whose day is said above: `14:05:11`."""
        return self._clock(instant, "ms")

    def dated(self, day: date) -> str:
        """Write a day with its year: `14 Nov 2026`."""
        return format_skeleton("yMMMd", day, locale=self._locale)

    def day(self, day: date) -> str:
        """Write a day of the year at hand: `14 Nov`."""
        return format_skeleton("MMMd", day, locale=self._locale)

    def weekday(self, day: date) -> str:
        """Write a day of the week at hand: `Sat 14`."""
        return f"{self._name(day)} {day.day}"

    def named(self, day: date) -> str:
        """Write a day with its name: `Sat 14 Nov`."""
        return f"{self._name(day)} {self.day(day)}"

    def days(self, first: date, last: date) -> str:
        """Write a stretch of days: `15 Nov 2026`, `9–15 Nov 2026`, `28 Oct – 3 Nov 2026`."""
        return str(format_interval(first, last, "yMMMd", locale=self._locale)).replace("\u2009", " ")

    def month(self, day: date) -> str:
        """Write a month: `Nov 2026`."""
        return format_skeleton("yMMM", day, locale=self._locale)

    def called(self, value: str, dimension: object) -> str:
        """Write a value of a dimension: countries and languages by their names, anything else as it is."""
        names = {"country": self._locale.territories, "language": self._locale.languages}.get(str(dimension))
        if names is None or not _CODE.fullmatch(value):
            return value
        return str(names.get(value.upper() if dimension == "country" else value.lower(), value))

    @property
    def first_weekday(self) -> int:
        """Return the day with which weeks begin here: 0 is Monday, 6 is Sunday."""
        return int(self._locale.first_week_day)

    @property
    def _locale(self) -> Locale:
        return locale(self.locale)

    def _name(self, day: date) -> str:
        # Stand-alone names are aliases in many locales; resolving those depends on what was read before.
        return str(self._locale.days["format"]["abbreviated"][day.weekday()]).rstrip(".")

    def _clock(self, instant: datetime, rest: str) -> str:
        twelve = "a" in self._locale.time_formats["short"].pattern
        local = instant.astimezone(self.zone).replace(tzinfo=None)
        return format_skeleton(("h" if twelve else "H") + rest, local, locale=self._locale)

    def _decimals(self, amount: Decimal, count: int) -> str:
        return format_decimal(amount, format=_pattern(self.locale, count), locale=self._locale)

    def _shortest(self, amount: Decimal) -> str:
        if abs(amount) >= 100 or amount == amount.to_integral_value():
            return self._decimals(amount, 0)
        return self._decimals(amount, max(1, -amount.adjusted()))


@lru_cache(maxsize=256)
def _pattern(name: str, decimals: int) -> NumberPattern:
    """Read the locale's pattern of numbers once: a digest writes thousands of them."""
    whole = _FRACTION.sub("", locale(name).decimal_formats[None].pattern)
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal) else None
