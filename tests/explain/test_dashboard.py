"""Addresses of Pirsch's own pages."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.explain.dashboard import Dashboard, link
from bot.sources.pirsch_words import CONDITIONS
from bot.sources.source import Dimension, Match, Where

BOARD = Dashboard(hostname="shop.example.com")
DAYS = (date(2026, 11, 17), date(2026, 11, 18))


def asked(*where: Where) -> dict[str, str]:
    parts = urlsplit(link(BOARD, DAYS, where))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "dashboard.pirsch.io", "/")
    return dict(parse_qsl(parts.query, strict_parsing=True))


def test_it_has_the_site_and_the_days() -> None:
    assert asked() == {
        "domain": "shop.example.com",
        "from": "2026-11-17",
        "to": "2026-11-18",
        "scale": "day",
    }


@pytest.mark.parametrize(
    ("value", "match", "written"),
    [
        pytest.param("https://a.example/?b=1&c=<d>", Match.IS, "https://a.example/?b=1&c=<d>", id="as it is"),
        pytest.param(None, Match.IS, "null", id="no value"),
        pytest.param("spam", Match.LACKS, "^spam", id="without"),
    ],
)
def test_a_value_is_a_filter_whatever_is_in_it(value: str | None, match: Match, written: str) -> None:
    assert asked(Where(dimension=Dimension.REFERRER, value=value, match=match))["referrer"] == written


def test_every_dimension_is_named_as_the_api_names_it() -> None:
    for dimension, condition in CONDITIONS.items():
        assert asked(Where(dimension=dimension, value="x"))[condition.value] == "x"
