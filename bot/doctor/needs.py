"""What the settings need from Pirsch, without the settings themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNeeds:
    """One site: the events that rules name, exactly or by glob, and the tokens of its address.

    `token` is the present one, `old_token` is valid only while the address is being changed. `asked_for`
    tells whether any rule asks for an event of this name.
    """

    name: str
    hostname: str
    events: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    old_token: str | None = field(default=None, repr=False)
    asked_for: Callable[[str], bool] = field(repr=False)

    @property
    def listens(self) -> bool:
        """Whether anything is heard from the site: without a token only its numbers are read."""
        return self.token is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The whole: the bot's own zone and address, and which client of Pirsch it uses."""

    zone: ZoneInfo
    public_url: str | None
    client_id: str
