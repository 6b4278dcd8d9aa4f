"""check: everything that is wrong, what is hardly meant, and the addresses for Pirsch."""

from bot.cli.hooks import address
from bot.receive import PREFIX
from tests.cli.conftest import CONFIG, SECRETS, Place


def test_what_is_right_is_counted(bare: Place) -> None:
    bare.write(CONFIG)
    assert bare.lines("check") == [
        "config.toml is right: 2 sites, 3 rules, 2 channels.",
        "Webhook of shop: https://bot.example.com/hooks/shop/$SHOP_HOOK_TOKEN",
        "Webhook of blog: https://bot.example.com/hooks/blog/$BLOG_HOOK_TOKEN",
    ]


def test_tokens_are_shown_only_if_one_asks(bare: Place) -> None:
    bare.write(CONFIG)
    assert "MARKER" not in bare.run("check").output
    line = bare.lines("check", "--show-tokens")[1]
    assert line == f"Webhook of shop: https://bot.example.com/hooks/shop/{SECRETS['SHOP_HOOK_TOKEN']}"


def test_the_address_is_the_one_that_the_receiver_takes() -> None:
    assert address("https://bot.example.com", "shop", "token") == f"https://bot.example.com{PREFIX}shop/token"


def test_a_site_that_cannot_be_heard_has_no_address(bare: Place) -> None:
    bare.write('[site.shop]\ndomain = "shop.example.com"\n')
    assert not any("Webhook" in line for line in bare.lines("check"))


def test_a_token_from_a_file_stands_as_one(bare: Place) -> None:
    (bare.folder / "token").write_text("shop-MARKER-0123456789abcdef")
    bare.write(CONFIG.replace('{ env = "SHOP_HOOK_TOKEN" }', '{ file = "token" }'))
    assert bare.lines("check")[1].endswith("/hooks/shop/<token>")


def test_what_is_hardly_meant_is_said_and_does_no_harm(bare: Place) -> None:
    bare.write(CONFIG.replace("https://bot", "http://bot").replace('owner = "owner"', ""))
    advice = [line for line in bare.lines("check") if line.startswith("Advice: ")]
    assert [line.split()[1] for line in advice] == ["bot.owner:", "bot.public_url:"]


def test_all_mistakes_are_said_at_once_with_the_file_to_open(bare: Place) -> None:
    (bare.folder / "conf").mkdir()
    bare.write(CONFIG.replace("10m", "10").replace('"#sales"', '"sales"'), "conf/bot.toml")
    lines = bare.lines("check", "-c", "conf/bot.toml", code=1)
    assert [line.split(" ")[0] for line in lines] == [
        "conf/bot.toml:20:",
        "conf/bot.toml:45:",
        "conf/bot.toml",
    ]
    assert lines[-1] == "conf/bot.toml has 2 mistakes"


def test_nothing_is_written_by_checking(bare: Place) -> None:
    bare.write(CONFIG)
    bare.run("check")
    assert [path.name for path in bare.folder.iterdir()] == ["config.toml"]


def test_a_new_token_is_one_that_the_settings_take(bare: Place) -> None:
    bare.write(CONFIG)
    (token,) = bare.lines("token")
    (other,) = bare.lines("token")
    assert token != other
    bare.environ["SHOP_HOOK_TOKEN"] = token
    assert bare.lines("check", "--show-tokens")[1].endswith(token)
