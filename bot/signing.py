"""Links that only we can have written: what they say is signed, for one purpose, and for a time.

The signature is a keyed hash (HMAC, by itsdangerous) over purpose, value and instant. Whoever holds a link
can use it until it expires: a page that it leads to asks once more before anything is done.
"""

from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from bot.clock import Clock

LONGEST = 2000
"""Characters of a signed text; whatever is longer was not written by us."""


class Forged(Exception):
    """We did not write this, or for another purpose."""


class Expired(Exception):
    """We wrote this, and it was good until `until_at`."""

    def __init__(self, until_at: datetime) -> None:
        super().__init__(f"it was good until {until_at:%Y-%m-%d %H:%M} UTC")
        self.until_at = until_at


def _serializer(secret: str, purpose: str, clock: Clock) -> URLSafeTimedSerializer:
    class OurTime(TimestampSigner):
        """Asks our clock instead of its own."""

        def get_timestamp(self) -> int:
            return int(clock().timestamp())

    return URLSafeTimedSerializer(secret, salt=f"pirsch-bot/{purpose}", signer=OurTime)


class Signer:
    """Signs and reads texts for links. The repr holds no secret."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def sign(self, purpose: str, value: Any) -> str:
        """Return a text fit for an address. `value` is what JSON can hold, and everybody can read it."""
        return str(_serializer(self._secret, purpose, self._clock).dumps(value))

    def read(self, purpose: str, text: str, good_for: timedelta) -> Any:
        """Return what was signed. Raise Forged, or Expired when it was signed longer ago than `good_for`."""
        if len(text) > LONGEST:
            raise Forged("this link was not written by the bot")
        serializer = _serializer(self._secret, purpose, self._clock)
        try:
            return serializer.loads(text, max_age=int(good_for.total_seconds()))
        except SignatureExpired as late:
            if late.date_signed is None:
                raise Forged("this link was not written by the bot") from None
            raise Expired(late.date_signed + good_for) from None
        except BadData:
            raise Forged("this link was not written by the bot") from None
