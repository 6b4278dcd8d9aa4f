"""What an owner wants to be told about: one `[[rule]]`, as a value."""

from dataclasses import dataclass
from datetime import timedelta

from bot.facts import Do, Severity
from bot.rules.expression import Amount, Condition, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which events are meant, what has to happen for people to be told, and who they are.

    Without `at_least`, `none_within` and `collect`, each event is told. `site` None means every site;
    a rule remembers and speaks for each site by itself. `remind` None means as everywhere else.
    """

    name: str
    event: str  # an exact name, or a glob as in `globs`
    site: str | None = None
    condition: Condition | None = None
    value: Amount | None = None
    at_least: int | None = None
    within: timedelta | None = None
    none_within: timedelta | None = None
    collect: timedelta | None = None
    once_per: Key | None = None
    remind: tuple[timedelta, ...] | None = None
    severity: Severity = Severity.NOTICE
    notify: tuple[str, ...] = ()
    do: Do | None = None

    @property
    def amount(self) -> Amount | None:
        """What the rule adds up: its `value`, or else the first number(...) or money(...) in its `if`."""
        if self.value is not None:
            return self.value
        return self.condition.amount if self.condition is not None else None
