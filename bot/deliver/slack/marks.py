"""What a message carries for machines of its alert: enough to be found again without our store."""

import hashlib
from collections.abc import Mapping

from bot.facts import Notice


def stands_for(notice: Notice) -> Mapping[str, str]:
    """Return which alert a message stands for, and how that stands."""
    alert = notice.standing
    if alert is None:
        return {}
    return {"alert": alert.alert, "key": fingerprint(notice.key), "state": alert.state}


def fingerprint(key: str) -> str:
    """Name a trouble shortly: in a key may stand what strangers wrote, at any length."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]
