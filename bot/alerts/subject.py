"""What a trouble is about: all that silences and inhibitions may look at."""

from dataclasses import dataclass

from bot.facts import Finding, Inhibits, Severity

OURS = "bot/"
"""How the keys of the bot's own troubles begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The part of a finding that stays the same while the trouble lasts."""

    key: str
    severity: Severity = Severity.NOTICE
    site: str | None = None
    rule: str | None = None
    measured: bool = False
    drop: bool = False
    inhibits: Inhibits | None = None

    @classmethod
    def of(cls, finding: Finding) -> "Subject":
        """Take it out of a finding."""
        return cls(
            key=finding.key,
            severity=finding.severity,
            site=finding.site,
            rule=finding.rule,
            measured=finding.measured,
            drop=finding.drop,
            inhibits=finding.inhibits,
        )

    @property
    def ours(self) -> bool:
        """Whether the bot speaks of itself: no silence keeps that quiet."""
        return self.key.startswith(OURS)

    @property
    def name(self) -> str:
        """What people call it, in one line."""
        return f"{self.rule} on {self.site}" if self.rule and self.site else self.rule or self.key
