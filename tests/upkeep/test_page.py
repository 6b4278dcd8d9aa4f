"""Looking at a proposal does nothing, deciding happens once, and only from its own page."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.db import Database
from bot.upkeep.additions import AdditionKind
from bot.upkeep.links import FORM_GOOD_FOR, GOOD_FOR
from bot.upkeep.proposal import LASTS, State
from tests.upkeep.making import SECOND, addition, change, draft, plan
from tests.upkeep.site import Site


@pytest.fixture
def backend() -> str:
    return "sqlite"  # what it asks of the store is tested on both in test_proposals


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)


def form_of(page: TestResponse) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    return found[1] if found else ""


def decide(site: Site, path: str, answer: str = "approve", **headers: str) -> TestResponse:
    client = site.app().test_client()
    form = form_of(client.get(path))
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data={"form": form, "answer": answer}, headers=sent)


def test_the_page_shows_the_plan_with_its_evidence_and_asks(site: Site) -> None:
    made = site.offer()
    page = site.app().test_client().get(site.path(made))
    assert page.status_code == 200
    for words in ("Keep out 93.184.216.34", "rule Login", "create filter", "visits", "12", "Yes, do it"):
        assert words in page.text
    assert "It logged in as admin &lt;b&gt;" in page.text
    assert "<b>" not in page.text
    assert site.find(made.id).state is State.OPEN


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_decides_nothing(site: Site, method: str) -> None:
    made = site.offer()
    path = site.path(made)
    for _ in range(3):
        getattr(site.app().test_client(), method)(f"{path}?answer=approve&form=x")
    assert site.find(made.id).state is State.OPEN
    assert site.woken == []


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        ("approve", State.APPROVED, "Approved by owner"),
        ("reject", State.REJECTED, "Rejected by owner"),
        ("never", State.REJECTED, "never proposed again"),
    ],
)
def test_a_decision_is_written_and_shown(site: Site, answer: str, state: State, says: str) -> None:
    made = site.offer()
    path = site.path(made)
    done = decide(site, path, answer, Sec_Fetch_Site="same-origin")
    assert (done.status_code, done.location) == (303, path)
    assert site.find(made.id).state is state
    assert site.find(made.id).never_again is (answer == "never")
    assert site.woken == ["decided"]
    page = site.app().test_client().get(path)
    assert says in page.text
    assert form_of(page) == ""


def test_the_second_yes_hears_who_was_first(site: Site) -> None:
    made = site.offer()
    client = site.app().test_client()
    path = site.path(made)
    forms = [form_of(client.get(path)) for _ in range(2)]
    for form in forms:
        client.post(path, data={"form": form, "answer": "approve"})
    client.post(path, data={"form": forms[0], "answer": "reject"})
    assert site.find(made.id).state is State.APPROVED
    assert site.woken == ["decided"]
    assert "Approved by owner, 4. Mai 2026, 14:00 CEST" in client.get(path).text


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        pytest.param({"answer": "approve"}, {}, id="without the form's proof"),
        pytest.param({"answer": "approve", "form": "x.y.z"}, {}, id="with a made up one"),
        pytest.param({"answer": "approve", "form": "own"}, {"Sec-Fetch-Site": "cross-site"}, id="other site"),
        pytest.param({"answer": "approve", "form": "own"}, {"Sec-Fetch-Site": "same-site"}, id="sister site"),
        pytest.param({"answer": "approve", "form": "own"}, {"Sec-Fetch-Site": "none"}, id="no page at all"),
        pytest.param({"answer": "approve", "form": "own"}, {"Origin": "https://evil.example"}, id="origin"),
        pytest.param({"answer": "approve", "form": "own"}, {"Origin": "http://bot.example.com"}, id="scheme"),
    ],
)
def test_a_form_from_elsewhere_decides_nothing(
    site: Site, data: dict[str, str], headers: dict[str, str]
) -> None:
    made = site.offer()
    client, path = site.app().test_client(), site.path(made)
    form = form_of(client.get(path))
    sent = {name: form if value == "own" else value for name, value in data.items()}
    refused = client.post(path, data=sent, headers=headers)
    assert refused.status_code == 403
    assert site.find(made.id).state is State.OPEN


def test_a_form_of_another_proposal_or_link_decides_nothing(site: Site) -> None:
    made, other = site.offer(), site.offer(draft("another"))
    client = site.app().test_client()
    for path in (site.path(other), site.path(made, "sales")):
        form = form_of(client.get(path)) or site.links.form(site.links.read(path.rpartition("/")[2]))
        assert client.post(site.path(made), data={"form": form, "answer": "approve"}).status_code == 403
    token = site.path(made).rpartition("/")[2]  # the link itself is no proof that its page was shown
    assert client.post(site.path(made), data={"form": token, "answer": "approve"}).status_code == 403
    assert site.find(made.id).state is State.OPEN


def test_a_link_of_a_channel_that_may_not_decide_shows_and_does_not_ask(site: Site) -> None:
    made = site.offer()
    path = site.path(made, "sales")
    client = site.app().test_client()
    page = client.get(path)
    assert "do not decide about shop" in page.text
    assert form_of(page) == ""
    form = site.links.form(site.links.read(path.rpartition("/")[2]))
    client.post(path, data={"form": form, "answer": "approve"})
    assert site.find(made.id).state is State.OPEN


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "..", "W10.x.y", "a" * 5000])
def test_a_made_up_link_leads_nowhere(site: Site, token: str) -> None:
    site.offer()
    client = site.app().test_client()
    assert client.get(f"/proposals/{token}").status_code == 404
    assert client.post(f"/proposals/{token}", data={"answer": "approve"}).status_code == 404


def test_a_link_for_another_purpose_leads_nowhere(site: Site) -> None:
    made = site.offer()
    form = site.links.form(site.links.read(site.path(made).rpartition("/")[2]))
    assert site.app().test_client().get(f"/proposals/{form}").status_code == 404


@pytest.mark.parametrize(
    ("later", "status", "asks"),
    [
        (LASTS - SECOND, 200, True),
        (LASTS, 200, False),
        (GOOD_FOR, 200, False),
        (GOOD_FOR + SECOND, 410, False),
    ],
)
def test_the_time_to_decide_ends_before_the_link_does(
    site: Site, later: timedelta, status: int, asks: bool
) -> None:
    path = site.path(site.offer())
    site.now += later
    page = site.app().test_client().get(path)
    assert (page.status_code, bool(form_of(page))) == (status, asks)


def test_a_page_that_lay_open_too_long_decides_nothing(site: Site) -> None:
    made = site.offer()
    client, path = site.app().test_client(), site.path(made)
    form = form_of(client.get(path))
    site.now += FORM_GOOD_FOR + SECOND
    assert client.post(path, data={"form": form, "answer": "approve"}).status_code == 403
    assert site.find(made.id).state is State.OPEN


def test_an_older_plan_is_not_asked_about(site: Site) -> None:
    old = site.offer()
    site.offer(draft(plan=plan(change(), state="moved")))
    page = site.app().test_client().get(site.path(old))
    assert "has moved since" in page.text
    assert form_of(page) == ""


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "approve" * 9000}])
def test_an_answer_that_is_none_decides_nothing(site: Site, data: dict[str, str]) -> None:
    made = site.offer()
    client, path = site.app().test_client(), site.path(made)
    form = form_of(client.get(path))
    assert client.post(path, data={"form": form, **data}).status_code in (400, 413)
    assert site.find(made.id).state is State.OPEN


def test_every_answer_runs_nothing_is_framed_by_nobody_and_is_not_kept(site: Site) -> None:
    made = site.offer()
    client, path = site.app().test_client(), site.path(made)
    answers = [client.get(path), client.get("/proposals/x"), client.post(path)]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    nonces = {re.search(r"nonce-([^']+)", one.headers["Content-Security-Policy"])[1] for one in answers}  # type: ignore[index]
    assert len(nonces) == 3
    moved = decide(site, path)
    assert moved.headers["Cache-Control"] == "no-store"
    assert moved.headers["Referrer-Policy"] == "no-referrer"


def test_a_mask_says_that_it_is_only_in_our_own_numbers(site: Site) -> None:
    mask = addition(
        kind=AdditionKind.MASK, key="referrer x", fields={"dimension": "referrer", "value": "x.example"}
    )
    made = site.offer(draft(plan=plan(), additions=(mask,)))
    assert "x.example would be left out of the bot&#39;s own numbers" in (
        site.app().test_client().get(site.path(made)).text
    )
