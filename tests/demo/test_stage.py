"""The demo's settings, webhooks and scene, without the bot."""

import threading
from collections import Counter

import pytest

from bot.demo import scene
from bot.demo.owner import hook_up
from bot.demo.stage import HERE, Failed, Stage, Tempo, spelled_out
from bot.pirsch.errors import PirschError
from bot.sandbox.shop import NAMES, Kind
from bot.sandbox.shop.events import Visitors
from bot.sandbox.world import World

ENDPOINT = "http://127.0.0.1:9/hooks/kites"


def hooks(world: World) -> list[tuple[str, str]]:
    """Return what is registered at Pirsch."""
    shelf = world.pirsch.account.shelves["webhook"].of(world.pirsch.domain_id(world.hostname))
    return [(hook.text("event"), hook.text("endpoint")) for hook in shelf]


def test_a_pattern_is_no_name_of_an_event() -> None:
    rules = "".join(f'[[rule]]\nevent = "{name}"\n' for name in ("purchase", "*", "Link: ?", "[ab]", "404 x"))
    assert spelled_out(rules) == ["purchase", "404 x"]


def test_the_demos_rules_spell_out_what_they_hear() -> None:
    config = (HERE / "config.toml").read_text(encoding="utf-8").replace("$MAIL_PORT", "25")
    assert set(spelled_out(config)) == {"purchase", "404 Page Not Found", "stock counted"}


def test_each_name_gets_one_webhook(world: World) -> None:
    assert hook_up(world, ENDPOINT, ["purchase", "signup", "purchase"]) == ()
    assert hook_up(world, ENDPOINT, ["signup"]) == ()
    assert hooks(world) == [("purchase", ENDPOINT), ("signup", ENDPOINT)]


def test_names_that_pirsch_refuses_are_told_and_the_others_are_hooked(world: World) -> None:
    assert hook_up(world, ENDPOINT, ["x" * 201, "\ud83d", "signup"]) == ("x" * 201,)
    assert hooks(world) == [("\ufffd", ENDPOINT), ("signup", ENDPOINT)]


def test_a_pirsch_that_is_gone_is_an_error() -> None:
    with World() as world:
        pass
    with pytest.raises(PirschError):
        hook_up(world, ENDPOINT, ["signup"])


def test_a_stage_that_is_not_set_up_says_so(world: World) -> None:
    stage = Stage(world, Tempo())
    with pytest.raises(Failed, match="not set up"):
        stage.kept()
    assert stage.stop() == 0.0
    assert stage.memory() is None


def test_the_opening_takes_less_than_ten_seconds_and_fills_each_place() -> None:
    acts = list(scene.opening(Visitors(1)))
    assert sum(pause for pause, _ in acts) < 11
    names = Counter(one.event.name for _, items in acts for one in items if one.event)
    assert set(names) == set(NAMES)
    assert names["404 Page Not Found"] >= 20  # or the rule about broken links would stay silent
    assert not any(one.kind in (Kind.RUBBISH, Kind.HOSTILE) for _, items in acts for one in items)
    first = acts[0][1][0].event
    assert first is not None
    assert float(first.meta["amount"]) >= 500
    assert first.meta["currency"] == "USD"  # or it would not be told as a big order


def test_the_scene_ends_when_it_is_told_to(world: World) -> None:
    ended = threading.Event()
    playing = threading.Thread(target=scene.play, args=(world.shop, world.move, ended))
    playing.start()
    ended.set()
    playing.join(30)
    assert not playing.is_alive()
    assert world.shop.figures.sent == 0
