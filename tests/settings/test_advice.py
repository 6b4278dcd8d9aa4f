"""What is right and yet hardly meant."""

import pytest

from bot.settings.advice import advice
from tests.settings.building import WHOLE, settings_of

BOT = """
[bot]
public_url = "https://bot.example.com"
owner = "sales"
"""
MAIL = """
[mail]
host = "smtp.example.com"
sender = "bot@example.com"
"""


def _advice(text: str) -> list[str]:
    return [str(one) for one in advice(settings_of(text))]


def test_there_is_nothing_to_say_about_a_good_file() -> None:
    assert _advice(BOT + WHOLE) == []


def test_there_is_nothing_to_say_about_an_empty_file() -> None:
    assert _advice("") == []


def test_somebody_should_hear_of_the_bots_own_troubles() -> None:
    assert [line.split(":")[0] for line in _advice(WHOLE)] == ["bot.owner", "bot.public_url"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://bot.example.com", 1),
        ("http://192.0.2.1", 1),
        ("http://127.0.0.1:8000", 0),
        ("http://localhost", 0),
        ("http://[::1]:8000", 0),
        ("https://bot.example.com", 0),
    ],
)
def test_what_is_sent_in_the_open_can_be_read(url: str, said: int) -> None:
    lines = _advice(BOT.replace("https://bot.example.com", url) + WHOLE)
    assert [line.startswith("bot.public_url: http:// can be read") for line in lines] == [True] * said


def test_a_token_is_not_sent_in_the_open_either() -> None:
    lines = _advice(BOT + WHOLE.replace("[slack]", '[slack]\nurl = "http://slack.example.com/api"'))
    assert [line.split(":")[0] for line in lines] == ["slack.url"]


@pytest.mark.parametrize(
    ("port", "security", "said"),
    [
        (465, "starttls", 1),
        (587, "tls", 1),
        (465, "tls", 0),
        (587, "starttls", 0),
        (2525, "tls", 0),
        (587, "none", 0),
    ],
)
def test_ports_have_their_usual_security(port: int, security: str, said: int) -> None:
    mail = MAIL.replace("smtp.example.com", "localhost") if security == "none" else MAIL
    lines = _advice(f'{BOT}{WHOLE}{mail}port = {port}\nsecurity = "{security}"')
    assert [line.split(":")[0] for line in lines] == ["mail.port"] * said


def test_sites_are_there_to_be_heard() -> None:
    other = '[site.blog]\ndomain = "blog.example.com"\n'
    assert _advice(BOT + WHOLE + other) == ["site.blog: without hook_token nothing can be heard from it"]
    heard = other + 'hook_token = { env = "DOCS_HOOK_TOKEN" }\n'
    assert _advice(BOT + WHOLE + heard) == []
    only = WHOLE.replace('event = "purchase"', 'event = "purchase"\nsite = "shop"')
    assert _advice(BOT + only + heard) == [
        "site.blog: no rule concerns it: its events are kept, and nobody is told"
    ]


def test_a_change_of_tokens_comes_to_an_end() -> None:
    old = WHOLE.replace("[slack]", 'hook_token_old = { env = "DOCS_HOOK_TOKEN" }\n[slack]')
    assert [line.split(":")[0] for line in _advice(BOT + old)] == ["site.shop.hook_token_old"]


def test_channels_are_there_to_be_used() -> None:
    other = '[channel.other]\ntype = "slack"\nto = "#other"\n'
    assert _advice(BOT + WHOLE + other) == ["channel.other: nobody is told here: no rule names it"]
    fallback = WHOLE.replace('to = "#sales"', 'to = "#sales"\nfallback = "other"')
    assert _advice(BOT + fallback + other) == []


def test_one_place_is_one_channel() -> None:
    other = '[channel.other]\ntype = "slack"\nto = "#sales"\n'
    lines = _advice(BOT + WHOLE.replace('["sales"]', '["sales", "other"]') + other)
    assert lines == [
        "channel.other: this is the same place as channel.sales; one channel keeps order and pace there"
    ]
