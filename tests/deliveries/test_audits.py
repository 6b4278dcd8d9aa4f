"""Nobody is asked for what nobody waits for."""

import pytest

from bot.audits import jobs
from bot.pipeline import Judges
from bot.settings import read
from bot.sites import Sites

SITE = '[site.shop]\ndomain = "shop.example.com"\n'
HOOK = 'hook_token = { env = "TOKEN" }\n'
PIRSCH = '[pirsch]\nclient_id = { env = "ID" }\nclient_secret = { env = "SECRET" }\n'
CHANNEL = (
    '[mail]\nhost = "127.0.0.1"\nsecurity = "none"\nsender = "b@example.com"\n'
    '[channel.owner]\ntype = "mail"\nto = ["o@example.com"]\n'
)
REACHED = '[[rule]]\nname = "Goal"\nevent = "goal.reached"\nnotify = ["owner"]\n'
OTHER = '[[rule]]\nname = "Order"\nevent = "purchase"\nnotify = ["owner"]\n'
ENVIRON = {"TOKEN": "t" * 43, "ID": "i" * 32, "SECRET": "s" * 64}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(SITE + HOOK + CHANNEL + OTHER, [], id="without credentials"),
        pytest.param(PIRSCH + SITE, [], id="a site that is only measured"),
        pytest.param(PIRSCH + SITE + HOOK + CHANNEL + OTHER, ["losses/shop"], id="a site that is heard"),
        pytest.param(
            PIRSCH + SITE + CHANNEL + REACHED, ["goals/shop"], id="a rule about goals, and no webhook"
        ),
        pytest.param(PIRSCH + SITE + HOOK + CHANNEL + REACHED, ["goals/shop", "losses/shop"], id="both"),
    ],
)
def test_which_jobs_there_are(text: str, names: list[str]) -> None:
    settings = read(text, ENVIRON)
    sites = Sites(settings)
    judges = Judges(book=settings.book, sites=tuple(settings.sites))
    assert [job.name for job in jobs(settings, sites, judges)] == names
    sites.close()
