"""Today's account, written as settings and read again, has nothing to change."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.manage.change import KindName, Owner, Thing
from bot.manage.kinds import KINDS
from bot.manage.kinds.webhooks import veiled
from bot.manage.memory import NOTHING
from bot.manage.plan import plan
from bot.manage.survey import desired
from bot.manage.wishes import Given, Managed
from bot.pirsch.ids import DomainId
from bot.settings import draft_manage, read
from tests.manage.keeping import ENDPOINT, NOON, TODAY, Town
from tests.manage.worlds import THEIRS, WISHES

HEAD = """
[bot]
public_url = "https://bot.example.com"
[pirsch]
client_id = { env = "ID" }
client_secret = { env = "SECRET" }
[site.shop]
domain = "shop.example.com"
hook_token = { env = "TOKEN" }

"""
ENVIRON = {"ID": "an-id", "SECRET": "a-secret", "TOKEN": "a-token-that-nobody-guesses"}
FEW = settings(max_examples=3, suppress_health_check=list(HealthCheck))


def as_settings(things: tuple[Thing, ...]) -> Managed:
    """Write things as settings, and read them."""
    text = draft_manage.text("shop", things, veiled(ENDPOINT))
    return read(HEAD + text, ENVIRON).managed["shop"]


@given(data=st.data())
@FEW
def test_an_account_that_is_imported_has_an_empty_plan(town: Town, data: st.DataObject) -> None:
    town.clean()
    with town.database.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM ledger")
    for kind, strategy in WISHES.items():
        town.keep(data.draw(strategy))
        if kind in THEIRS:
            THEIRS[kind].make(town.pirsch, DomainId(town.domain))
    things = town.look(Managed(site="shop", named=frozenset(KindName))).survey.things
    imported = as_settings(things)
    assert town.look(imported).plan.changes == ()
    with town.database.transaction() as tx:  # and just so for a bot that remembers nothing
        tx.exec_driver_sql("DELETE FROM ledger")
    changes = town.look(imported).plan.changes
    assert {one.kind for one in changes} <= {KindName.SPIKE_THRESHOLD, KindName.WARNING_DAYS}


STRANGE = st.text(max_size=40)
JSONISH = st.one_of(STRANGE, st.integers(-5, 5), st.booleans(), st.lists(STRANGE, max_size=2))


def things_of(data: st.DataObject) -> tuple[Thing, ...]:
    """Objects as people, and other programs, may have made them."""
    draw = data.draw
    found = []
    for number in range(draw(st.integers(0, 4))):
        name = draw(STRANGE)
        goal = {
            **{key: draw(STRANGE) for key in ("path", "event", "event_meta_key", "event_meta_value")},
            **{key: draw(STRANGE) for key in ("metric_key", "metric_type")},
            "tags": draw(st.lists(STRANGE, max_size=2)),
            **{key: draw(st.integers(0, 10**9)) for key in ("visitors", "total", "average")},
            "cr_percent": draw(st.sampled_from([0, 2.5, 140.0])),
            "delete_reached": draw(st.booleans()),
            "email_reached": draw(st.booleans()),
        }
        found.append(_thing(KindName.GOAL, name, goal, number))
        filter = {"type": draw(st.sampled_from(["ip", "page", "country", "hostname", "?"]))}
        filter |= {
            "filter": draw(st.one_of(STRANGE, st.just("203.0.113.7"), st.just("DE"))),
            "note": draw(STRANGE),
        }
        found.append(_thing(KindName.FILTER, f"{filter['type']} {filter['filter']}", filter, number))
        steps = draw(
            st.lists(st.fixed_dictionaries({"name": STRANGE, "filter": st.dictionaries(STRANGE, JSONISH)}))
        )
        found.append(_thing(KindName.FUNNEL, draw(STRANGE), {"steps": steps}, number))
        report: dict[str, Any] = {"to": draw(STRANGE), "every": draw(st.integers(0, 9))}
        report |= {
            "link_to": draw(st.one_of(st.none(), STRANGE)),
            "top_pages": draw(st.none() | st.booleans()),
        }
        found.append(_thing(KindName.REPORT, f"{report['to']} {report['every']}", report, number))
        hook: dict[str, Any] = {
            "event": draw(STRANGE),
            "endpoint": veiled(draw(st.one_of(st.just(ENDPOINT), STRANGE))),
        }
        hook |= {"note": draw(STRANGE), "active": True}
        found.append(_thing(KindName.WEBHOOK, f"{hook['event']} → {hook['endpoint']}", hook, number))
    return tuple(found)


def _thing(kind: KindName, key: str, fields: dict[str, Any], number: int) -> Thing:
    return Thing(kind=kind, key=key, fields=fields, id=f"{kind}-{number}", owner=Owner.SOMEBODYS)


@given(data=st.data())
@settings(max_examples=80)
def test_whatever_an_account_holds_its_import_can_be_read(data: st.DataObject) -> None:
    things = things_of(data)
    imported = as_settings(things)
    wanted = desired(imported, Given(today=TODAY, endpoint=ENDPOINT), NOTHING)
    assert plan(wanted, things, KINDS, NOON).changes == ()
