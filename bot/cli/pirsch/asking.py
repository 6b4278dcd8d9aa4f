"""Asks Pirsch for a command, and shows what a write would send instead of sending it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.cli.ground import stop
from bot.cli.pirsch import output
from bot.http.transport import Pairs
from bot.pirsch.answer import Answer
from bot.pirsch.answers.account import Domain
from bot.pirsch.auth import Credentials
from bot.pirsch.calls import CALLS
from bot.pirsch.client import PATIENCE, TIMING
from bot.pirsch.domains import Domains
from bot.pirsch.errors import PirschError, Unaskable
from bot.pirsch.wire import Server, Wire
from bot.settings import Settings
from bot.sources.errors import Misconfigured, SourceError
from bot.sources.pirsch import dashboard
from bot.sources.pirsch_words import error as in_our_words

NO_CREDENTIALS = (
    "There is no [pirsch] table in the settings. Make an OAuth client at Pirsch (Settings, Integration,",
    "Clients) with the scopes statistics (r) and domains (r), and write:",
    "",
    "    [pirsch]",
    '    client_id = { env = "PIRSCH_CLIENT_ID" }',
    '    client_secret = { env = "PIRSCH_CLIENT_SECRET" }',
)


class WouldSend(Exception):
    """A write that was not sent, because nobody said --yes."""

    def __init__(self, method: str, address: str, params: Pairs, body: object) -> None:
        super().__init__(method)
        self.method, self.address, self.params, self.body = method, address, params, body

    def lines(self, *, secrets: bool) -> list[str]:
        """Return what would be sent: method, address with its query, body; secrets are veiled."""
        params = [output.plain({name: value}, secrets=secrets) for name, value in self.params]
        query = "&".join(f"{name}={value}" for one in params for name, value in one.items())
        told = output.plain(self.body, secrets=secrets)
        body = [] if self.body is None else json.dumps(told, indent=2).splitlines()
        return [f"{self.method} {self.address}" + (f"?{query}" if query else ""), *body]


class Rehearsal(Wire):
    """Reads are made; the first write ends the rehearsal."""

    def ask(self, name: str, params: Pairs = (), body: object = None) -> Answer:
        """Make a read. Raise WouldSend for a write."""
        call = CALLS[name]
        if not call.reads:
            raise WouldSend(call.method, self._server.address(call.path), params, body)
        return super().ask(name, params, body)


@contextmanager
def wire(settings: Settings, *, send: bool) -> Iterator[Wire]:
    """Give a wire to Pirsch with the settings' credentials; without `send` it only reads."""
    if settings.pirsch is None:
        stop(*NO_CREDENTIALS)
    try:
        credentials = Credentials(
            client_id=settings.pirsch.client_id.reveal(), client_secret=settings.pirsch.client_secret.reveal()
        )
        server = Server(url=settings.pirsch.url)
    except ValueError as mistake:
        stop(f"[pirsch]: {mistake}.")
    made = (Wire if send else Rehearsal)(credentials, server, PATIENCE, TIMING, "pirsch-bot")
    try:
        yield made
    finally:
        made.close()


@contextmanager
def in_words() -> Iterator[None]:
    """End with words for a person when Pirsch, or our question, was at fault."""
    try:
        yield
    except Unaskable as mistake:
        stop(f"Not asked: {mistake.why}.", code=2)
    except PirschError as trouble:
        _end(in_our_words(trouble))
    except SourceError as trouble:
        _end(trouble)


def _end(trouble: SourceError) -> None:
    remedy = [f"What to do: {trouble.remedy}"] if isinstance(trouble, Misconfigured) else []
    stop(trouble.why, *remedy)


def domain_of(wire: Wire, settings: Settings, site: str | None) -> Domain:
    """Find the dashboard of a site: by its name in the settings, or by its host name."""
    return dashboard(Domains(wire), hostname_of(settings, site))


def hostname_of(settings: Settings, site: str | None) -> str:
    """Return the host name of a site; the only one there is need not be named."""
    if site is None:
        if len(settings.sites) != 1:
            known = ", ".join(sorted(settings.sites)) or "none in the settings; a host name will do"
            raise click.UsageError(f"Which site? Say --site. Known: {known}.")
        return next(iter(settings.sites.values())).domain
    if site in settings.sites:
        return settings.sites[site].domain
    if "." in site:
        return site
    raise click.UsageError(
        f"There is no site {site!r}; known: {', '.join(sorted(settings.sites)) or 'none'}."
    )
