"""Links that only we can have written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signing import LONGEST, Expired, Forged, Signer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "a secret of more than thirty-two letters"


def signer(at: datetime = NOON, secret: str = SECRET) -> Signer:
    return Signer(secret, lambda: at)


def test_what_was_signed_can_be_read_until_it_expires() -> None:
    text = signer().sign("approve", {"plan": "p1"})
    assert signer(NOON + DAY).read("approve", text, DAY) == {"plan": "p1"}
    with pytest.raises(Expired) as late:
        signer(NOON + DAY + timedelta(seconds=1)).read("approve", text, DAY)
    assert late.value.until_at == NOON + DAY


def test_a_link_is_good_for_one_purpose_and_under_one_secret() -> None:
    text = signer().sign("approve", "p1")
    with pytest.raises(Forged):
        signer().read("unsubscribe", text, DAY)
    with pytest.raises(Forged):
        signer(secret=SECRET[::-1]).read("approve", text, DAY)


def test_a_changed_letter_makes_a_forgery() -> None:
    text = signer().sign("approve", "p1")
    for place in range(len(text) - 1):  # the last letter of base64 has bits that mean nothing
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(Forged):
            signer().read("approve", text[:place] + other + text[place + 1 :], DAY)


@given(st.text(max_size=LONGEST + 10))
def test_nobody_guesses_one(text: str) -> None:
    with pytest.raises(Forged):
        signer().read("approve", text, DAY)


def test_the_secret_shows_nowhere() -> None:
    assert SECRET not in repr(signer())
    assert SECRET not in signer().sign("approve", "p1")
