"""Who comes to the shop: an address and a browser, which is all that Pirsch hears of a person."""

import random
from dataclasses import dataclass

_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
)
_LANGUAGES = ("de", "en", "nl", "fr", "sv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One person. The address is one of the shared space 100.64.0.0/10 (RFC 6598), so nobody's own."""

    ip: str
    user_agent: str
    language: str


def guest(dice: random.Random) -> Guest:
    """Let somebody come by."""
    return Guest(
        ip=f"100.{dice.randrange(64, 128)}.{dice.randrange(256)}.{dice.randrange(1, 255)}",
        user_agent=dice.choice(_BROWSERS),
        language=dice.choice(_LANGUAGES),
    )
