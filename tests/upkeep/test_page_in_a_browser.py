"""The page of a proposal in a real browser: readable, and a click decides, and nothing else can."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.db import Database
from bot.upkeep.proposal import Evidence, State
from tests.render.test_in_a_browser import LOWEST_CONTRAST
from tests.upkeep.making import change, draft, plan
from tests.upkeep.site import Site, served

pytestmark = pytest.mark.browser

NASTY = "<script>document.title='bad'</script><img src=x onerror=\"document.title='bad'\"> " + "x" * 300


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    found = Site(database)
    with served(found):
        yield found


@pytest.mark.parametrize(
    ("button", "state"),
    [
        ("Yes, do it", State.APPROVED),
        ("No", State.REJECTED),
        ("No, and never ask again", State.REJECTED),
    ],
)
def test_a_click_decides_and_the_page_says_so(
    site: Site, browser: Browser, button: str, state: State
) -> None:
    made = site.offer()
    page = browser.new_page()
    page.goto(site.links.to(made, "owner"))
    assert page.title().startswith("Keep out")
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("status").wait_for()
    assert site.find(made.id).state is state
    assert page.get_by_role("button").count() == 0
    page.reload()
    assert site.woken == ["decided"]
    page.close()


def test_another_site_cannot_press_the_button(site: Site, browser: Browser) -> None:
    made = site.offer()
    link = site.links.to(made, "owner")
    form = site.links.form(site.links.read(link.rpartition("/")[2]))
    page = browser.new_page()
    page.set_content(
        f"<form method=post action='{link}'><input name=form value='{form}'>"
        "<input name=answer value=approve><button>win</button></form>"
    )
    page.get_by_role("button").click()
    page.get_by_text("Not decided").first.wait_for()
    assert site.find(made.id).state is State.OPEN
    page.close()


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_and_nothing_of_a_stranger_runs(
    site: Site, browser: Browser, scheme: str, width: int
) -> None:
    made = site.offer(
        draft(
            title=NASTY,
            asked_by=NASTY,
            evidence=Evidence(sentences=(NASTY,), table=((NASTY, NASTY),)),
            plan=plan(change(why=NASTY, warnings=(NASTY,), after={"filter": NASTY}, before={"filter": "y"})),
        )
    )
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(site.links.to(made, "owner"))
    assert page.title() != "bad"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    contrast, text = page.evaluate(LOWEST_CONTRAST)
    assert contrast >= 4.5, text
    assert page.evaluate("getComputedStyle(document.querySelector('.act')).minHeight") == "44px"
    assert {url.partition("/proposals/")[0] for url in asked} == {site.public_url}
    assert [one for one in wrong if "favicon" not in one] == []
    page.close()
