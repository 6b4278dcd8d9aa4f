"""What the guard says: a table of noes with their reasons, each limit at its last yes and its first no."""

from dataclasses import replace

import pytest

from bot.manage.change import Change, Fields, KindName, Owner, Plan, Verb
from bot.manage.guard import Facts, rule
from bot.manage.outcome import Impact, Verdict
from bot.manage.wishes import Caps, Managed, Mode
from tests.manage.keeping import ANNA, BOT, NOON, YES

AUTO = Managed(site="shop", mode=Mode.AUTO)
OUR_GOAL: Fields = {"visitors": 500, "email_reached": False}
FACTS = Facts(ours=dict.fromkeys(KindName, 10), types=("ip",))


def change(kind: KindName = KindName.GOAL, verb: Verb = Verb.UPDATE, **parts: object) -> Change:
    usual = Change(
        site="shop",
        kind=kind,
        verb=verb,
        key="Signup",
        id="1",
        before=OUR_GOAL,
        after={**OUR_GOAL, "visitors": 600},
        why="manage.shop.goal[1]",
    )
    return replace(usual, **parts)  # type: ignore[arg-type]


def filter(type: str, value: str, verb: Verb = Verb.CREATE) -> Change:
    fields = {"type": type, "filter": value, "note": ""}
    before, after = (None, fields) if verb is Verb.CREATE else (fields, None)
    return change(KindName.FILTER, verb, key=f"{type} {value}", before=before, after=after)


def plan_of(*changes: Change) -> Plan:
    return Plan(site="shop", made_at=NOON, changes=changes, state="as it was")


def verdicts(
    *changes: Change, managed: Managed = AUTO, facts: Facts = FACTS, actor: object = BOT
) -> list[Verdict]:
    return [one.verdict for one in rule(plan_of(*changes), managed, facts, actor)]  # type: ignore[arg-type]


def impact(visitors: int, conversions: int = 0) -> Impact:
    return Impact(days=30, visitors=visitors, of_visitors=1000, conversions=conversions, of_conversions=41)


WP = filter("page", "/wp-login.php")
NOES = [
    pytest.param(change(owner=Owner.SOMEBODYS), Verdict.NOT_OURS, id="somebody made it"),
    pytest.param(
        change(verb=Verb.DELETE, owner=Owner.SOMEBODYS, after=None), Verdict.NOT_OURS, id="and it goes"
    ),
    pytest.param(change(owner=Owner.ANOTHER_BOTS), Verdict.ANOTHER_BOTS, id="another bot made it"),
    pytest.param(change(hands_off="a regular expression"), Verdict.HANDS_OFF, id="it cannot be written"),
    pytest.param(change(after={"visitors": 600, "total": None}), Verdict.NOT_TOLD, id="a part is not known"),
    pytest.param(filter("hostname", "shop.example.com"), Verdict.HOSTNAME_WHITELIST, id="a white list"),
    pytest.param(
        filter("hostname", "shop.example.com", Verb.DELETE), Verdict.HOSTNAME_WHITELIST, id="its end"
    ),
    pytest.param(WP, Verdict.UNKNOWN_TYPE, id="a type that nobody has seen"),
    pytest.param(filter("ip", "203.0.0.0/15"), Verdict.TOO_WIDE, id="too wide"),
    pytest.param(filter("ip", "0.0.0.0/0"), Verdict.TOO_WIDE, id="everybody"),
    pytest.param(filter("ip", "2001:db8::/47"), Verdict.TOO_WIDE, id="too wide in IPv6"),
    pytest.param(filter("ip", "nobody"), Verdict.TOO_WIDE, id="no network"),
]


@pytest.mark.parametrize(("one", "verdict"), NOES)
def test_nobody_may_do_this(one: Change, verdict: Verdict) -> None:
    for actor in (BOT, YES, ANNA):
        assert verdicts(one, actor=actor) == [verdict]
    (ruling,) = rule(plan_of(one), AUTO, FACTS, BOT)
    assert ruling.why
    assert not verdict.askable


@pytest.mark.parametrize("one", [filter("ip", "203.0.0.0/16"), filter("ip", "2001:db8::/48"), change()])
def test_this_much_may_be_done(one: Change) -> None:
    assert verdicts(one) == [Verdict.ALLOWED]


ASKED = [
    pytest.param(change(drifted=True), Verdict.SOMEBODY_CHANGED_IT, id="somebody changed what is ours"),
    pytest.param(change(rearms=True), Verdict.REARMS_A_MAIL, id="a mail would come again"),
]


@pytest.mark.parametrize(("one", "verdict"), ASKED)
def test_only_a_person_decides_this(one: Change, verdict: Verdict) -> None:
    assert verdicts(one) == [verdict]
    assert verdicts(one, actor=YES) == verdicts(one, actor=ANNA) == [Verdict.ALLOWED]
    assert verdict.askable


def test_a_mail_that_is_meant_to_come_again_may() -> None:
    assert verdicts(change(rearms=True, rearming_meant=True)) == [Verdict.ALLOWED]


@pytest.mark.parametrize(
    ("mode", "bot", "person"),
    [
        (Mode.PLAN, Verdict.PLAN_ONLY, Verdict.PLAN_ONLY),
        (Mode.APPROVE, Verdict.ASK, Verdict.ALLOWED),
        (Mode.AUTO, Verdict.ALLOWED, Verdict.ALLOWED),
    ],
)
def test_each_mode_goes_so_far(mode: Mode, bot: Verdict, person: Verdict) -> None:
    managed = Managed(site="shop", mode=mode)
    assert verdicts(change(), managed=managed) == [bot]
    assert verdicts(change(), managed=managed, actor=ANNA) == [person]
    single = Managed(site="shop", mode=Mode.AUTO, modes={KindName.GOAL: mode})
    assert verdicts(change(), filter("ip", "203.0.113.7"), managed=single) == [bot, Verdict.ALLOWED]


def test_a_filter_on_pages_is_measured_by_the_past() -> None:
    managed = replace(AUTO, filter_types=("page",))
    assert verdicts(WP, managed=managed) == [Verdict.IMPACT_UNKNOWN]
    for visitors, verdict in ((50, Verdict.ALLOWED), (51, Verdict.TOO_MUCH_TRAFFIC)):
        facts = replace(FACTS, impacts={WP.key: impact(visitors)})
        assert verdicts(WP, managed=managed, facts=facts, actor=ANNA) == [verdict]
    costs = replace(FACTS, impacts={WP.key: impact(50, 1)})
    assert verdicts(WP, managed=managed, facts=costs) == [Verdict.COSTS_CONVERSIONS]
    assert verdicts(WP, managed=managed, facts=costs, actor=YES) == [Verdict.ALLOWED]
    (ruling,) = rule(plan_of(WP), managed, replace(FACTS, impacts={WP.key: impact(312)}), BOT)
    assert "312 of 1,000 visitors (31.2%) in 30 days, 0 of 41 conversions" in ruling.why


def test_a_type_that_the_account_itself_holds_is_known() -> None:
    facts = Facts(types=("ip", "page"), impacts={WP.key: impact(0)})
    assert verdicts(WP, facts=facts) == [Verdict.ALLOWED]


def test_every_page_is_too_many_pages() -> None:
    for glob in ("/**", "/*", "*", "//"):
        one = filter("page", glob)
        facts = Facts(types=("page",), impacts={one.key: impact(0)})
        assert verdicts(one, facts=facts) == [Verdict.TOO_WIDE]


def test_a_run_and_a_day_have_their_caps() -> None:
    some = [change(key=f"goal {number}") for number in range(4)]
    run = replace(AUTO, caps=Caps(a_run=2))
    assert verdicts(*some, managed=run) == [Verdict.ALLOWED] * 2 + [Verdict.TOO_MANY_A_RUN] * 2
    day = replace(AUTO, caps=Caps(a_day=10))
    facts = replace(FACTS, written_today=8)
    assert verdicts(*some, managed=day, facts=facts) == [Verdict.ALLOWED] * 2 + [Verdict.TOO_MANY_A_DAY] * 2


def test_what_is_refused_does_not_count() -> None:
    some = [change(owner=Owner.SOMEBODYS), change(), change()]
    managed = replace(AUTO, caps=Caps(a_run=2))
    assert verdicts(*some, managed=managed) == [Verdict.NOT_OURS, Verdict.ALLOWED, Verdict.ALLOWED]


@pytest.mark.parametrize(("ours", "may_go"), [(1, 1), (2, 1), (3, 1), (4, 2), (10, 5)])
def test_not_everything_goes_at_once(ours: int, may_go: int) -> None:
    facts = Facts(ours={KindName.GOAL: ours})
    some = [change(verb=Verb.DELETE, key=f"goal {n}", after=None) for n in range(ours)]
    noes = [Verdict.TOO_MANY_DELETED] * (ours - may_go)
    assert verdicts(*some, facts=facts) == [Verdict.ALLOWED] * may_go + noes
