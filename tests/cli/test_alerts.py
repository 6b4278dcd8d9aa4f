"""alerts, ack, mute and silence: what stands, what happened to it, and what people do about it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import alerts, clock, db, outbox
from bot.facts import Reason
from tests.alerts.making import finding
from tests.cli.conftest import CONFIG, Place
from tests.stores.making import note

HOUR = timedelta(hours=1)


@pytest.fixture
def alert(on_both: Place) -> str:
    """An alert that opened two hours ago; its id."""
    now = clock.now()
    with on_both.store().transaction() as tx:
        noted = note(tx, finding(rule="No signups", site="blog", seen_at=now - 2 * HOUR), "sales")
        outbox.put(tx, noted.channels, noted.notice, now)
    assert noted.notice.standing is not None
    return noted.notice.standing.alert


def waiting(place: Place) -> list[tuple[str, Reason]]:
    with place.store().reading() as tx:
        return [(one.channel, one.notice.reason) for one in reversed(outbox.entries(tx))]


def test_the_list_says_how_each_stands(on_both: Place, alert: str) -> None:
    head, line = on_both.lines("alerts")
    assert re.split(r"\s{2,}", head) == ["id", "opened", "severity", "state", "alert", "says"]
    cells = re.split(r"\s{2,}", line)
    assert cells[:5] == [alert[:8], "2 h ago", "notice", "open", "shop/Signups"]
    assert "without “signup” on blog" in cells[5]
    on_both.lines("ack", alert[:8], "--by", "Ada")
    assert "acknowledged by Ada" in on_both.lines("alerts")[1]
    on_both.lines("mute", alert[:8], "--for", "2h", "--by", "Bob")
    assert "muted: muted by Bob until " in on_both.lines("alerts")[1]


def test_nothing_is_wrong_is_said_in_words(place: Place) -> None:
    assert place.lines("alerts") == ["Nothing is wrong, as far as the rules can tell."]
    assert place.lines("alerts", "--all") == ["There was never an alert."]


def test_the_history_of_one_is_shown_with_what_was_looked_at(on_both: Place, alert: str) -> None:
    on_both.lines("ack", alert, "--by", "Ada")
    with on_both.store().transaction() as tx:
        note(tx, finding(holds=False, rule="No signups", site="blog", seen_at=clock.now()), "sales")
    lines = on_both.lines("alerts", "show", alert[:6])
    assert lines[0] == f"alert    {alert}"
    assert any(line.startswith("state    resolved") for line in lines)
    assert any(line.startswith("told     2 times: sales") for line in lines)
    history = lines[next(n for n, line in enumerate(lines) if line.startswith("when ")) + 1 :]
    assert [re.split(r"\s{2,}", line)[1:3] for line in history] == [
        ["opened", "open"],
        ["acknowledged", "acknowledged"],
        ["resolved", "resolved"],
    ]
    assert "Ada" in history[1]
    assert "holds False" in history[2]
    assert len(on_both.lines("alerts", "--all")) == 2


def test_the_second_who_takes_it_in_hand_hears_who_was_first(on_both: Place, alert: str) -> None:
    assert on_both.lines("ack", alert[:8], "--by", "Ada") == [
        "Ada has it in hand: shop/Signups. Nobody is reminded; its end is told."
    ]
    (answer,) = on_both.lines("ack", alert[:8], "--by", "Bob")
    assert answer.startswith("Ada has it in hand since 20")
    assert waiting(on_both) == [("sales", Reason.OPENED), ("sales", Reason.ACKNOWLEDGED)]


def test_a_mute_can_be_ended(on_both: Place, alert: str) -> None:
    assert on_both.lines("mute", alert[:8], "--for", "2h")[0].startswith("Muted until ")
    assert on_both.lines("mute", alert[:8], "--end") == ["You hear of it again: shop/Signups."]
    assert on_both.lines("mute", alert[:8], "--end") == ["It was not muted: shop/Signups."]
    assert [reason for _, reason in waiting(on_both)] == [Reason.OPENED, Reason.MUTED, Reason.UNMUTED]


def test_what_is_over_is_said_to_be_over(on_both: Place, alert: str) -> None:
    with on_both.store().transaction() as tx:
        note(tx, finding(holds=False, rule="No signups", site="blog", seen_at=clock.now()), "sales")
    for words in (("ack", alert), ("mute", alert, "--for", "1h"), ("mute", alert, "--end")):
        assert on_both.lines(*words)[0].startswith("It is over since ")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("alerts", "show", "ffff"), 1, "None, or several"),
        (("ack", "ffff"), 1, "None, or several"),
        (("mute", "ffff", "--for", "1h"), 1, "None, or several"),
        (("silence", "end", "ffff"), 1, "None, or several"),
        (("mute", "ffff"), 2, "For how long?"),
        (("mute", "ffff", "--for", "1h", "--end"), 2, "For how long?"),
        (("ack", "ffff", "--by", " "), 2, "a name is needed"),
        (("silence", "add"), 2, "Until when?"),
        (("silence", "add", "--for", "1h", "--until", "12:00"), 2, "Until when?"),
        (("silence", "add", "--until", "2020-01-01 12:00"), 2, "is over"),
        (("silence", "add", "--for", "1h", "--site", "shp"), 2, 'did you mean "shop"?'),
        (("silence", "add", "--for", "1h", "--rule", "No signup"), 2, 'did you mean "No signups"?'),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Place, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in "\n".join(place.lines(*words, code=code))


def test_a_silence_is_made_listed_and_ended(on_both: Place, alert: str) -> None:
    on_both.write(CONFIG + '\n[[silence]]\nname = "Nights"\nfrom = "22:00"\nto = "06:00"\nsite = "shop"\n')
    wanted = ("--site", "blog", "--rule", "No*", "--severity", "notice", "--why", "Deploy", "--by", "Ada")
    (made,) = on_both.lines("silence", "add", "--for", "2h", *wanted)
    assert re.fullmatch(r"Silence \w{8} until 20.*: rule No\*, site blog, severity up to notice\.", made)
    name = made.split()[1]
    head, once, weekly = on_both.lines("silence", "list")
    assert re.split(r"\s{2,}", once)[:3] == [name, "Deploy", "rule No*, site blog, severity up to notice"]
    assert once.endswith("Ada")
    assert re.split(r"\s{2,}", weekly)[:3] == ["config", "Nights", "site shop"]
    assert head.startswith("id")
    with on_both.store().transaction() as tx:
        now = clock.now()
        (quiet,) = alerts.attend(tx, alerts.look_around(tx, alerts.Policy(), now), now)
    assert quiet.reason is Reason.SILENCED
    assert on_both.lines("silence", "end", name, "--by", "Bob") == ["Ended: Deploy."]
    assert on_both.lines("silence", "end", name)[0].startswith("Bob ended it 20")
    assert len(on_both.lines("silence", "list")) == 2


def test_a_watch_can_be_silenced_like_a_rule(place: Place) -> None:
    watch = '[[watch]]\nname = "Visitors"\nlook = "visitors"\nsite = "shop"\nbelow = 5\nnotify = ["owner"]\n'
    place.environ |= {"CLIENT_ID": "an id", "CLIENT_SECRET": "a secret"}
    client = '[pirsch]\nclient_id = { env = "CLIENT_ID" }\nclient_secret = { env = "CLIENT_SECRET" }\n'
    place.write(f"{CONFIG}\n{client}\n{watch}")
    (made,) = place.lines("silence", "add", "--for", "2h", "--rule", "Visi*")
    assert made.endswith(": rule Visi*.")


def test_a_time_without_a_date_is_the_next_one(place: Place) -> None:
    for time in ("00:00", "12:00", "23:59"):
        place.lines("silence", "add", "--until", time)
    with place.store().reading() as tx:
        rows = tx.execute(sa.select(db.silences.c.from_at, db.silences.c.until_at)).all()
    assert len(rows) == 3
    assert all(timedelta(0) < row.until_at - row.from_at <= timedelta(hours=25) for row in rows)


def test_a_silence_that_is_over_cannot_be_ended(place: Place) -> None:
    (made,) = place.lines("silence", "add", "--for", "1ms")
    assert place.lines("silence", "end", made.split()[1])[0].startswith("It was over ")
