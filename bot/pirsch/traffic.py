"""Pirsch's own mails about spikes and silence (docs.pirsch.io, API v1, "Traffic Spike", "Traffic Warnings").

Nothing here can be read back: neither whether the mails are on, nor from which number. `flip_...` turns on
what is off and off what is on; it is sent once, and after an `Unsure` only a person who looks at the
dashboard knows. Only a clean 401 or 429 is replayed, since that call was not carried out.
"""

from datetime import timedelta

from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Wire


class Traffic:
    """`pirsch.traffic`: thresholds that can be set, switches that can only be flipped."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def set_spike_threshold(self, domain: DomainId, visitors: int) -> None:
        """Have a mail sent from so many visitors at once. Pirsch then stays silent for 12 hours."""
        if visitors < 1:
            raise Unaskable("a spike begins with one visitor at least; what 0 does is not documented")
        body = {"domain_id": domain, "threshold": visitors}
        self._wire.ask("traffic.set_spike_threshold", body=body)

    def set_silence_threshold(self, domain: DomainId, silence: timedelta) -> None:
        """Have a mail sent after so many whole days without traffic."""
        days, remainder = divmod(silence, timedelta(days=1))
        if days < 1 or remainder:
            raise Unaskable("silence is measured in whole days, one at least")
        body = {"domain_id": domain, "threshold": days}
        self._wire.ask("traffic.set_silence_threshold", body=body)

    def flip_spike_mails(self, domain: DomainId) -> None:
        """Turn the mails about spikes on if they are off, and off if they are on. Never unattended."""
        self._wire.ask("traffic.flip_spike_mails", body={"domain_id": domain})

    def flip_silence_mails(self, domain: DomainId) -> None:
        """Turn the mails about silence on if they are off, and off if they are on. Never unattended."""
        self._wire.ask("traffic.flip_silence_mails", body={"domain_id": domain})
