"""The journal says what went over the wire, to whom it came, and how Pirsch's side stands."""

from datetime import UTC, datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pages.journal import Journal, Tone
from bot.sandbox.shop import Item, Kind, Shop
from bot.sandbox.shop.events import ShopEvent
from bot.sandbox.world import World


def said(world: World) -> list[tuple[str, str, str, Tone]]:
    """Return what the log says, oldest first."""
    return [(line.who, line.what, line.came, line.tone) for line in reversed(world.journal.lines(60))]


def settle(world: World) -> None:
    """Wait for the webhooks."""
    assert world.pirsch.postman.settle(10)


def test_a_webhook_is_told_with_its_answer_and_its_time(world: World, hooked: str) -> None:
    world.shop.deliver(world.shop.visitors.purchase())
    settle(world)
    (line,) = world.journal.lines(60)
    assert said(world) == [("Pirsch sent", "purchase", "204", Tone.GOOD)]
    assert line.took is not None
    assert line.took.total_seconds() > 0
    assert world.journal.standing().sent == world.journal.standing().answered == 1


def test_what_no_webhook_hears_is_kept_at_pirsch(world: World, hooked: str) -> None:
    world.shop.deliver(world.shop.visitors.sign_up())
    assert said(world) == [("Pirsch kept", "signup", "no webhook has this name", Tone.QUIET)]
    assert world.journal.standing().sent == 0


def test_what_pirsch_refuses_is_said(world: World, hooked: str) -> None:
    sign_up = world.shop.visitors.sign_up().event
    assert sign_up is not None
    long = ShopEvent(name="x" * 201, guest=sign_up.guest)
    world.shop.deliver(Item(kind=Kind.HOSTILE, what="a long name", event=long))
    assert said(world) == [("Pirsch refused", "a long name", "400", Tone.BAD)]


def test_strangers_are_not_pirsch(world: World, hooked: str) -> None:
    delivery = world.shop.deliver(world.shop.visitors.rubbish())
    assert said(world) == [("Somebody sent", delivery.item.what, "204", Tone.GOOD)]
    standing = world.journal.standing()
    assert (standing.sent, standing.answered, world.pirsch.postman.sent) == (1, 1, 0)


def test_a_pirsch_that_is_not_there_is_the_shops_trouble(world: World) -> None:
    with Shop(clock=world.pirsch.clock) as lonely:
        lonely.deliver(lonely.visitors.sign_up())
        (line,) = Journal(lonely, world.pirsch, world.hostname).lines(60)
    assert (line.who, line.what, line.came) == ("The shop sent", "signup", "no endpoint yet")
    assert (line.tone, line.took) == (Tone.BAD, None)


def test_a_bot_that_is_not_there_is_a_failure(world: World, hooked: str) -> None:
    for hook in world.pirsch.account.shelves["webhook"]:
        hook.fields["endpoint"] = "http://127.0.0.1:9/hooks/kites"
    world.shop.deliver(world.shop.visitors.purchase())
    settle(world)
    assert said(world) == [("Pirsch sent", "purchase", "no answer", Tone.BAD)]
    standing = world.journal.standing()
    assert (standing.sent, standing.answered, standing.failed, standing.active) == (1, 0, 1, 1)


def test_a_webhook_that_was_switched_off_is_seen(world: World, hooked: str) -> None:
    for hook in world.pirsch.account.shelves["webhook"]:
        hook.fields["active"] = False
    standing = world.journal.standing()
    assert (standing.webhooks, standing.active) == (1, 0)


def test_visitors_are_people_and_not_events(world: World) -> None:
    item = world.shop.visitors.purchase()
    for _ in range(3):
        world.shop.deliver(item)
    world.shop.deliver(world.shop.visitors.sign_up())
    assert world.journal.standing().visitors == 2


def test_people_come_to_the_shop_by_themselves() -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)
    with World(visitors_per_day=500, clock=SandboxClock(noon, speed=0)) as world:
        assert world.journal.standing().visitors > 0


def test_the_latest_lines_come_first_and_not_too_many(world: World, hooked: str) -> None:
    world.shop.deliver(world.shop.visitors.rubbish())
    for _ in range(3):
        world.shop.deliver(world.shop.visitors.purchase())
        settle(world)
    lines = world.journal.lines(2)
    assert [line.key for line in lines] == ["pirsch-3", "pirsch-2"]
    assert len({line.key for line in world.journal.lines(60)}) == 4
