"""[alerts] and [[silence]]: how people want to be told of what lasts, and when they want to hear nothing."""

from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bot.alerts import Timer
from bot.alerts.timers import contradiction
from bot.facts import Severity
from bot.settings.table import Table
from bot.settings.tables import Reference
from bot.settings.words import Duration, Pause, Text, Whole, Zone

MOST_REMINDERS = 3

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time_of_day(value: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:  # TOML's own: 22:00:00 without quotes
        return value
    try:
        hour, _, minute = str(value).partition(":")
        if not (hour.isascii() and minute.isascii() and len(minute) == 2):
            raise ValueError
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError('a time of day is needed, such as "22:00"') from None


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]


class Alerts(Table):
    """[alerts]: reminders, unrest, and how long what another alert explained may take to recover."""

    remind: tuple[Duration, ...] = (timedelta(hours=4), timedelta(days=1))
    most_reminders: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=MOST_REMINDERS, validate_default=True
    )
    unstable: Annotated[Whole, Field(ge=2, le=100)] = 5
    unstable_within: Duration = timedelta(hours=6)
    settle: Pause = timedelta(hours=1)

    @field_validator("remind")
    @classmethod
    def _pauses_grow(cls, pauses: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if (mistake := contradiction(pauses, len(pauses))) is not None:
            raise ValueError(mistake)
        return pauses

    @field_validator("most_reminders")
    @classmethod
    def _no_contradiction(cls, most: int, info: ValidationInfo) -> int:
        mistake = contradiction(info.data["remind"], most) if "remind" in info.data else None
        if mistake is not None:
            raise ValueError(mistake)
        return most

    @property
    def timer(self) -> Timer:
        """The timer of every alert that has none of its own."""
        return Timer(pauses=self.remind, most=self.most_reminders)


class Silence(Table):
    """[[silence]]: when, every week, nobody wants to hear of what."""

    name: Text
    begins: TimeOfDay = Field(alias="from")
    ends: TimeOfDay = Field(alias="to")
    days: tuple[Weekday, ...] = WEEKDAYS
    timezone: Zone | None = None
    site: Reference | None = None
    rule: Text | None = None
    severity: Severity | None = None

    @field_validator("days")
    @classmethod
    def _some_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        if not days or len(set(days)) < len(days):
            raise ValueError("at least one day is needed, and each once")
        return days

    def weekdays(self) -> frozenset[int]:
        """Return the days as numbers, 0 is Monday."""
        return frozenset(WEEKDAYS.index(day) for day in self.days)

    def zone(self, default: ZoneInfo) -> ZoneInfo:
        """Return its own zone, or the bot's."""
        return self.timezone or default
