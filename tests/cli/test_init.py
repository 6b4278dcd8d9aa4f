"""A first config, by asking and without."""

import itertools
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import db
from bot.receive import PREFIX
from bot.settings import draft, load, read, tables
from bot.settings.draft import Draft, MailDraft
from bot.settings.source_tables import Site
from tests.cli.conftest import Place

DOMAIN = ("--yes", "--domain", "shop.example.com")
MAIL = ("--mail-host", "smtp.example.com", "--owner", "owner@example.com")
EVERY_ANSWER = [
    "shop",
    "shop.example.com",
    "Europe/Berlin",
    "https://bot.example.com",
    "token",
    "#sales",
    "y",
    "smtp.example.com",
    "starttls",
    "587",
    "bot@example.com",
    "Bot <bot@example.com>",
    "owner@example.com",
    "purchase",
]


def _answers(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def _variables(lines: list[str]) -> dict[str, str]:
    """What it says to export, with something in place of what only a person knows."""
    exported = [line.split()[1].split("=", 1) for line in lines if line.strip().startswith("export ")]
    values = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_HOOK_URL": "https://hooks.slack.com/1",
        "SMTP_PASSWORD": "1",
    }
    return {name: values.get(name, value) for name, value in exported}


def test_by_asking(bare: Place) -> None:
    bare.environ = {}
    lines = bare.lines("init", input=_answers(*EVERY_ANSWER))
    settings = load(bare.folder / "config.toml", _variables(lines))
    assert settings.bot.public_url == "https://bot.example.com"
    assert settings.bot.timezone.key == "Europe/Berlin"
    assert settings.bot.owner == "owner"
    assert settings.sites["shop"].domain == "shop.example.com"
    team, owner = settings.channels["team"], settings.channels["owner"]
    assert (team.to, team.fallback) == ("#sales", "owner")
    assert owner.to == ("owner@example.com",)
    assert settings.mail is not None
    assert (settings.mail.username, settings.mail.sender) == ("bot@example.com", "Bot <bot@example.com>")
    (rule,) = settings.book.rules
    assert (rule.event, rule.notify, rule.collect) == ("purchase", ("team",), None)


def test_each_wrong_answer_is_asked_again_with_the_reason(bare: Place) -> None:
    wrong = [
        ("The Shop", "small letters, digits"),
        ("https://shop.example.com", "only the name is needed"),
        ("Berlin", "an IANA time zone is needed"),
        ("bot.example.com", "an address that begins with https:// is needed"),
        ("maybe", "'maybe' is not one of 'token', 'webhook', 'none'."),
        ("sales", 'a channel such as "#sales" is needed'),
        ("perhaps", "invalid input"),
        ("smtp.example.com:587", "only the name is needed"),
        ("none", "'none' is not one of 'starttls', 'tls'."),
        ("many", "a number from 1 to 65535 is needed"),
        ("\x1b", "control characters do not belong here"),
        ("bot", "this is no mail address"),
        ("owner", "this is no mail address"),
        ("purch[ase", "is never closed"),
    ]
    asked = itertools.chain.from_iterable(
        (answer, right) for (answer, _), right in zip(wrong, EVERY_ANSWER, strict=True)
    )
    output = "\n".join(bare.lines("init", input=_answers(*asked)))
    errors = [line.partition("Error: ")[2] for line in output.splitlines() if "Error: " in line]
    assert len(errors) == len(wrong)
    for error, (_, reason) in zip(errors, wrong, strict=True):
        assert reason in error
    assert load(bare.folder / "config.toml", _variables(output.splitlines()) | bare.environ)


def test_nothing_is_written_when_the_answers_end_early(bare: Place) -> None:
    for answers in itertools.accumulate(f"{answer}\n" for answer in EVERY_ANSWER[:-1]):
        assert bare.run("init", input=answers).exit_code == 1
        assert list(bare.folder.iterdir()) == []


@pytest.mark.parametrize("slack", ["token", "webhook", "none"])
@pytest.mark.parametrize("mail", [(), MAIL, (*MAIL, "--mail-username", "bot", "--mail-security", "tls")])
@pytest.mark.parametrize("event", [(), ("--event", "checkout *")])
def test_without_asking(bare: Place, slack: str, mail: tuple[str, ...], event: tuple[str, ...]) -> None:
    bare.environ = {}
    mail = mail or ("--no-mail",)
    lines = bare.lines("init", *DOMAIN, "--slack", slack, *mail, *event)
    settings = load(bare.folder / "config.toml", _variables(lines))
    assert ("team" in settings.channels) == (slack != "none")
    assert ("owner" in settings.channels) == (mail != ("--no-mail",))
    assert len(settings.book.rules) == (1 if settings.channels else 0)
    assert (settings.bot.owner is not None) == bool(settings.channels)
    if mail[-1] == "tls":
        assert settings.mail is not None
        assert settings.mail.port == 465


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(("--yes",), "--domain is needed: nothing is asked with --yes.", id="no domain"),
        pytest.param((*DOMAIN, "--site", "The Shop"), "--site: small letters", id="a name that is none"),
        pytest.param((*DOMAIN, "--timezone", "x"), "--timezone: an IANA time zone", id="no time zone"),
        pytest.param((*DOMAIN, "--public-url", "x"), "--public-url: an address that", id="no address"),
        pytest.param((*DOMAIN, "--slack", "maybe"), "'maybe' is not one of", id="no way into Slack"),
        pytest.param(
            (*DOMAIN, "--slack-channel", "x"), "--slack-channel: a channel such as", id="no channel"
        ),
        pytest.param((*DOMAIN, "--mail"), "--mail-host is needed", id="no mail server"),
        pytest.param((*DOMAIN, "--mail-host", "a.example"), "--owner is needed", id="nobody to mail to"),
        pytest.param((*DOMAIN, *MAIL, "--mail-port", "0"), "0 is not in the range", id="no port"),
        pytest.param((*DOMAIN, *MAIL, "--mail-security", "none"), "this machine only", id="mail in the open"),
        pytest.param((*DOMAIN, "--event", "["), "--event: the bracket", id="no event"),
        pytest.param((*DOMAIN, "--event", " "), "--event: must not be empty", id="an empty event"),
        pytest.param((*DOMAIN, "--config", "no/where.toml"), "There is no folder", id="no folder"),
        pytest.param((*DOMAIN, "--config", "."), "is a folder; --config takes the file", id="a folder"),
    ],
)
def test_a_wrong_option_ends_with_the_reason(bare: Place, given: tuple[str, ...], said: str) -> None:
    assert said in "\n".join(bare.lines("init", *given, code=2))
    assert list(bare.folder.iterdir()) == []


def test_a_file_that_is_there_stays(bare: Place) -> None:
    path = bare.write("# mine")
    (line,) = bare.lines("init", *DOMAIN, code=1)
    assert (
        line == "config.toml is there already and stays as it is; --force writes over it, --config elsewhere."
    )
    assert path.read_text() == "# mine"
    bare.lines("init", *DOMAIN, "--force")
    assert "shop.example.com" in path.read_text()


def test_a_link_stays_a_link(bare: Place) -> None:
    real = bare.write("# mine", "real.toml")
    (bare.folder / "config.toml").symlink_to(real)
    bare.lines("init", *DOMAIN, "--force")
    assert (bare.folder / "config.toml").is_symlink()
    assert "shop.example.com" in real.read_text()


def test_there_is_never_half_a_file(bare: Place) -> None:
    bare.lines("init", *DOMAIN)
    assert [path.name for path in bare.folder.iterdir()] == ["config.toml"]
    if os.getuid() != 0:  # root writes everywhere
        bare.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        (line,) = bare.lines("init", *DOMAIN, "--force", code=1)
        assert line == f"{bare.folder}/config.toml cannot be written: Permission denied"


def test_a_name_that_the_disk_does_not_take(bare: Place) -> None:
    (line,) = bare.lines("init", *DOMAIN, "--config", "x" * 250, code=1)
    assert line.endswith("cannot be written: File name too long")
    assert list(bare.folder.iterdir()) == []


# ---------------------------------------------------------------- the token, and what to do next


def test_a_new_token_is_shown_once_and_is_in_no_file(bare: Place) -> None:
    bare.environ = {}
    lines = bare.lines("init", *DOMAIN, "--public-url", "https://bot.example.com/")
    token = _variables(lines)["SHOP_HOOK_TOKEN"]
    assert len(token) == 43
    assert sum(token in line for line in lines) == 1
    assert lines[-1] == "     https://bot.example.com/hooks/shop/$SHOP_HOOK_TOKEN"
    assert token not in (bare.folder / "config.toml").read_text()
    assert token != _variables(bare.lines("init", *DOMAIN, "--force"))["SHOP_HOOK_TOKEN"]


def test_the_address_is_spelled_if_one_asks(bare: Place) -> None:
    bare.environ = {}
    lines = bare.lines("init", *DOMAIN, "--public-url", "https://bot.example.com", "--show-token")
    token = _variables(lines)["SHOP_HOOK_TOKEN"]
    assert lines[-1] == f"     https://bot.example.com{PREFIX}shop/{token}"


def test_a_token_that_is_set_already_is_used_and_not_shown(bare: Place) -> None:
    output = "\n".join(bare.lines("init", *DOMAIN))
    assert "SHOP_HOOK_TOKEN is set already" in output
    assert "MARKER" not in output
    assert "export SHOP_HOOK_TOKEN" not in output


def test_what_is_next_can_be_done(bare: Place) -> None:
    """Every command that it names is there, and finds its config."""
    lines = bare.lines("init", *DOMAIN, "--config", "other.toml")
    commands = [line.split()[1:] for line in lines if line.strip().startswith("pirsch-bot ")]
    assert [words_[0] for words_ in commands] == ["check", "db", "send-test", "serve"]
    assert bare.lines(*commands[0])[0].startswith("other.toml is right")
    assert bare.lines(*commands[1]) == [f"The store is at {db.SCHEMA}."]


# ---------------------------------------------------------------- the text

MAILS = st.builds(
    MailDraft,
    host=st.sampled_from(["smtp.example.com", "localhost", "bücher.example"]),
    sender=st.sampled_from(["bot@example.com", '"Bot, \\"the\\" bot" <bot@example.com>']),
    to=st.just("Owner <owner@example.com>"),
    port=st.integers(1, 65535),
    security=st.sampled_from(["starttls", "tls"]),
    username=st.none() | st.sampled_from(["bot", 'a"b\\c\x7f'.replace("\x7f", ""), "o'hara"]),
)
DRAFTS = st.builds(
    Draft,
    site=st.sampled_from(["shop", "my-shop", "1-2_3", "a"]),
    domain=st.just("shop.example.com"),
    timezone=st.sampled_from(["UTC", "Europe/Berlin"]),
    public_url=st.none() | st.just("https://bot.example.com"),
    slack=st.sampled_from(["token", "webhook", "none"]),
    slack_channel=st.just("#sales"),
    mail=st.none() | MAILS,
    event=st.sampled_from(["*", "purchase", 'the "best" \\ event', "404[!0-9]*", "ärger 🎉", "#[x]"]),
)


@given(DRAFTS)
def test_every_draft_is_a_config_that_loads(wanted: Draft) -> None:
    environ = {one.name: one.like for one in draft.variables(wanted)}
    settings = read(draft.text(wanted), environ)
    assert list(settings.sites) == [wanted.site]
    assert [rule.event for rule in settings.book.rules] == ([wanted.event] if settings.channels else [])
    assert set(environ.values()) == {secret.strip() for secret in settings.secrets()}


@pytest.mark.parametrize(
    ("site", "name"),
    [("shop", "SHOP_HOOK_TOKEN"), ("my-shop_2", "MY_SHOP_2_HOOK_TOKEN"), ("1a", "SITE_1A_HOOK_TOKEN")],
)
def test_variables_have_names_that_a_shell_takes(site: str, name: str) -> None:
    assert draft.hook_token(site) == name


def test_the_types_of_the_answers_are_those_of_the_tables() -> None:
    """A new key without a default would make every draft wrong: this says so before a person meets it."""
    for model, asked in ((Site, {"domain"}), (tables.Mail, {"host", "sender"})):
        needed = {name for name, one in model.model_fields.items() if one.is_required()}
        assert needed == asked


@pytest.mark.parametrize(("said", "found"), [("Asia/Tokyo", "Asia/Tokyo"), (":Europe/Paris", "Europe/Paris")])
def test_the_time_zone_is_that_of_the_machine(bare: Place, said: str, found: str) -> None:
    bare.environ["TZ"] = said
    bare.lines("init", *DOMAIN)
    assert load(bare.folder / "config.toml", bare.environ).bot.timezone.key == found


def test_a_machine_that_tells_its_time_zone_in_no_known_way_is_asked_no_further(bare: Place) -> None:
    bare.environ["TZ"] = "CET-1CEST"
    bare.lines("init", *DOMAIN)
    assert load(bare.folder / "config.toml", bare.environ)
