"""For each kind of object: what an owner may wish, and what a person may have made in the dashboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from bot.manage.change import Fields, KindName
from bot.manage.kinds.goals import EMPTY
from bot.manage.kinds.reports import FULL
from bot.manage.wishes import FilterType, FilterWish, FunnelWish, GoalWish, Managed, ReportWish
from bot.pirsch.client import Pirsch
from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.reports import Every, ReportDraft
from tests.manage.keeping import managed

NAMES = st.sampled_from(["Signup", "Order", "Ünïcode & <b>", "a" * 80])
EVENTS = st.sampled_from(["signup", "purchase", "404 Page Not Found"])
NOTES = st.sampled_from(["", "office", "ours · since May", "n" * 100])
ADDRESSES = st.sampled_from(["203.0.113.7", "203.0.113.0/24", "2001:db8::/64", "198.51.100.9", "192.0.2.1"])
PEOPLE = st.sampled_from(["client@example.com", "boss@example.com", "Ops@example.com"])


def _filter(type: FilterType, source: str, note: str) -> FilterWish:
    return FilterWish(type=type, source=source, note=note, place="manage.shop.filter")


def _goal(name: str, fields: Fields) -> GoalWish:
    return GoalWish(name=name, fields=fields, place="manage.shop.goal")


def _funnel(name: str, steps: list[Fields]) -> FunnelWish:
    return FunnelWish(name=name, steps=tuple(steps), place="manage.shop.funnel")


def _report(to: list[str], every: int, fields: Fields) -> ReportWish:
    return ReportWish(to=tuple(to), every=every, fields=fields, place="manage.shop.report")


GOAL_FIELDS = st.fixed_dictionaries(
    {"event": EVENTS},
    optional={
        "path": st.sampled_from(["/thanks", "/thanks/**"]),
        "tags": st.lists(st.sampled_from(["author", "plan"]), unique=True),
        "visitors": st.integers(0, 5000),
        "cr_percent": st.sampled_from([0, 2.5, 42.0]),
        "total": st.sampled_from([0, 1000.5]),
        "metric_key": st.just("amount"),
        "metric_type": st.just("float"),
        "delete_reached": st.booleans(),
        "email_reached": st.booleans(),
    },
)
STEPS: st.SearchStrategy[Fields] = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Home", "Cart", "Paid"]),
        "filter": st.sampled_from(
            [{"path_pattern": ["/**"]}, {"event_name": ["purchase"]}, {"path": ["/cart"]}]
        ),
    }
)
FLAGS: st.SearchStrategy[Fields] = st.fixed_dictionaries(
    {},
    optional={
        name: st.booleans() if isinstance(value, bool) else st.just("") for name, value in FULL.items()
    },
)
FILTERS = st.lists(
    st.builds(_filter, st.just(FilterType.IP), ADDRESSES, NOTES), max_size=4, unique_by=lambda one: one.source
)
GOALS = st.lists(st.builds(_goal, NAMES, GOAL_FIELDS), max_size=3, unique_by=lambda one: one.name)
FUNNELS = st.lists(
    st.builds(_funnel, NAMES, st.lists(STEPS, min_size=2, max_size=4)),
    max_size=3,
    unique_by=lambda one: one.name,
)
REPORTS = st.lists(
    st.builds(_report, st.lists(PEOPLE, min_size=1, max_size=2, unique=True), st.integers(0, 4), FLAGS),
    max_size=2,
    unique_by=lambda one: one.every,
)

WISHES: Mapping[KindName, st.SearchStrategy[Managed]] = {
    KindName.FILTER: FILTERS.map(lambda some: managed(filters=tuple(some))),
    KindName.GOAL: GOALS.map(lambda some: managed(goals=tuple(some))),
    KindName.FUNNEL: FUNNELS.map(lambda some: managed(funnels=tuple(some))),
    KindName.REPORT: REPORTS.map(lambda some: managed(reports=tuple(some))),
    KindName.WEBHOOK: st.lists(EVENTS, unique=True).map(lambda some: managed(webhooks=tuple(some))),
    KindName.SPIKE_THRESHOLD: st.integers(1, 900).map(lambda number: managed(spike_threshold=number)),
    KindName.WARNING_DAYS: st.integers(1, 30).map(lambda number: managed(warning_days=number)),
}
"""What may be wished of each kind. A new kind gets all properties and faults by its line here."""


def expected(wish: Managed) -> Mapping[tuple[KindName, str], Fields]:
    """What must be there: by kind and key, the fields that a test may look at."""
    found: dict[tuple[KindName, str], Fields] = {}
    for filter in wish.filters:
        key = f"{filter.type} {filter.source}"
        found[KindName.FILTER, key] = {"type": filter.type, "filter": filter.source, "note": filter.note}
    for goal in wish.goals:
        found[KindName.GOAL, goal.name] = goal.fields
    for funnel in wish.funnels:
        found[KindName.FUNNEL, funnel.name] = {"steps": list(funnel.steps)}
    for report in wish.reports:
        for address in report.to:
            often = ("day", "week", "2 weeks", "3 weeks", "4 weeks")[report.every]
            found[KindName.REPORT, f"{address.lower()} every {often}"] = {
                "to": address,
                "every": report.every,
            }
    return found


# ---------------------------------------------------------------- people who were there before


@dataclass(frozen=True, slots=True)
class Others:
    """What somebody made by hand: it must be there, untouched, whatever the bot does."""

    make: Callable[[Pirsch, DomainId], object]


THEIR_GOAL = GoalDraft(name="Theirs", path="/theirs", visitors=7)
THEIR_FUNNEL = FunnelDraft(
    name="Theirs",
    steps=(StepDraft(name="a", filter={"path": ["/a"]}), StepDraft(name="b", filter={"path": ["/b"]})),
)


def _their_report(pirsch: Pirsch, domain: DomainId) -> object:
    draft = ReportDraft(
        every=Every.DAY, reply_to="", link_to="", visitor_graph=True, summary=False, top_pages=True,
        top_referrer=False, top_events=True, hide_dashboard_button=True,
    )  # fmt: skip
    return pirsch.reports.create(domain, ["theirs@example.com"], draft)


THEIRS: Mapping[KindName, Others] = {
    KindName.FILTER: Others(lambda far, domain: far.filters.create(domain, "ip", "192.0.2.200", "theirs")),
    KindName.GOAL: Others(lambda far, domain: far.goals.create(domain, THEIR_GOAL)),
    KindName.FUNNEL: Others(lambda far, domain: far.funnels.create(domain, THEIR_FUNNEL)),
    KindName.REPORT: Others(_their_report),
    KindName.WEBHOOK: Others(
        lambda far, domain: far.webhooks.create(domain, "signup", "https://theirs.example.net/", "theirs")
    ),
}

EVERY_FIELD_OF_A_GOAL = frozenset(EMPTY)
