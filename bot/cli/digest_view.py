"""A digest in a terminal: as readable as the mail, as wide as the window, in the words of the templates."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import click

from bot import pictures
from bot.cli.ground import harmless
from bot.facts import (
    Bars,
    Digest,
    Figure,
    FunnelLine,
    FunnelList,
    GoalLine,
    GoalList,
    Line,
    Notice,
    Numbers,
    Oddity,
    Pace,
    Section,
    SiteReport,
    Unusual,
)
from bot.render.environments import Environments
from bot.render.figures import Figures
from bot.writing.formats import Formats
from bot.writing.text import oneline

WIDEST = 100
_NARROWEST = 40
_LONGEST_NAME, _SHORTEST_NAME = 26, 8
_BESIDE_A_NAME = 46  # a number, how it changed, and what it was


class View:
    """The lines of one digest."""

    def __init__(
        self, environments: Environments, formats: Formats, notice: Notice, digest: Digest, width: int
    ) -> None:
        self._formats = formats
        self._figures = Figures(formats)
        self._text = environments.text
        self._said: Any = environments.text.get_template("words/digest_said.txt").module
        self._notice, self._digest = notice, digest
        self._width = max(_NARROWEST, min(width, WIDEST))
        self._name = max(_SHORTEST_NAME, min(_LONGEST_NAME, self._width - _BESIDE_A_NAME))

    def lines(self) -> Iterator[str]:
        """Give every line, styled; what strangers wrote can do nothing to the terminal."""
        digest = self._digest
        words = self._text.get_template("words/digest.txt").render(notice=self._notice, content=digest)
        yield from self._wrapped(oneline(words), bold=True)
        yield from self._wrapped(f"Compared with {_plain(self._figures.days(digest.before))}", dim=True)
        if len(digest.sites) > 1:
            yield ""
            yield from (self._site_line(site) for site in digest.sites)
        if not digest.quiet or digest.full:
            for site in digest.sites:
                if site.sections and (site.loud or digest.full):
                    yield from self._site(site)
        yield from self._around()

    # ------------------------------------------------------------ a site

    def _site_line(self, site: SiteReport) -> str:
        name = click.style(_fitted(site.site, self._name), bold=True)
        if site.headline is None:
            return f"{name} {click.style('no numbers', dim=True)}"
        now = f"{_plain(self._figures.now(site.headline)):>12} {_plain(site.headline.name)}"
        return f"{name} {now}  {_changed(self._figures, site.headline)}".rstrip()

    def _site(self, site: SiteReport) -> Iterator[str]:
        if len(self._digest.sites) > 1:
            yield ""
            yield click.style(_plain(site.site), bold=True, underline=True)
        if isinstance(site.chart, Line):
            yield ""
            yield self._spark(site.chart)
        full = self._digest.full
        for section in site.sections:
            if section.kind != "chart" and (section.loud or full or _is_summary(section)):
                yield from self._section(section)
        if not full:
            yield from self._usual(site)
        if site.masked:
            yield from self._wrapped(f"{site.masked:,} visitors are left out as spam.", dim=True)

    def _spark(self, line: Line) -> str:
        values = [point.value for point in line.points]
        known = [value for value in values if value is not None]
        drawn = pictures.sparkline(values, min(len(values), self._width - 24))
        days = f"{len(values)} {'hours' if line.hourly else 'days'}"
        scale = f"0 to {self._formats.measure(max(known))}, {days}" if known else days
        return f"  {click.style(drawn, fg='blue')}  {click.style(scale, dim=True)}"

    def _section(self, section: Section) -> Iterator[str]:
        yield ""
        yield click.style(oneline(self._said.title(section)), bold=True)
        match section:
            case Numbers(of="summary"):
                yield from (self._figure(one) for one in section.figures)
            case Numbers():
                yield from (self._figure(one) for one in section.told)
                if section.usual or section.edge:
                    yield from self._wrapped(oneline(self._said.rest(section)), indent="  ", dim=True)
                if isinstance(section.picture, Bars):
                    yield from self._drawn(pictures.bars(section.picture, self._formats, self._width - 2))
            case Unusual():
                for one in section.oddities:
                    yield from self._oddity(one)
                yield from self._more(section.more)
            case GoalList():
                for goal in section.goals:
                    yield from self._goal(goal)
                yield from self._more(section.more)
            case FunnelList():
                for funnel in section.funnels:
                    yield from self._funnel(funnel)
                yield from self._more(section.more)

    def _figure(self, figure: Figure) -> str:
        name = _fitted(self._formats.called(figure.name, figure.dimension), self._name)
        before = "" if figure.before is None else f"was {_plain(self._figures.was(figure))}"
        was = click.style(before, dim=True) if before else ""
        now = f"{_plain(self._figures.now(figure)):>12}"
        return f"  {name} {now}  {_changed(self._figures, figure)}  {was}".rstrip()

    def _oddity(self, oddity: Oddity) -> Iterator[str]:
        yield from self._item(oneline(self._said.oddity(oddity)))
        if oddity.explanation is None:
            return
        for cause in oddity.explanation.causes:
            yield from self._wrapped(oneline(self._said.cause(cause)), indent="    ")
        if oddity.explanation.doubt is not None:
            words = oneline(self._said.doubt(oddity.explanation))
            yield from self._wrapped(words, indent="    ", dim=True)

    def _goal(self, line: GoalLine) -> Iterator[str]:
        yield from self._item(oneline(self._said.goal(line)))
        if line.target and line.present is not None:
            colour = {Pace.REACHED: "green", Pace.BEHIND: "red"}.get(line.pace, "blue")
            yield f"    {_bar(float(line.present / line.target), colour)}"

    def _funnel(self, line: FunnelLine) -> Iterator[str]:
        yield from self._item(oneline(self._said.funnel(line)))
        yield from self._drawn(pictures.funnel(line.picture, self._formats, self._width - 2))

    def _drawn(self, rows: Iterator[str]) -> Iterator[str]:
        return (click.style(f"  {harmless(row)}", fg="blue") for row in rows)

    def _usual(self, site: SiteReport) -> Iterator[str]:
        words = str(self._said.as_usual(site, "\n", summary=False))
        found = [oneline(line) for line in words.split("\n") if line.strip()]
        if found:
            yield ""
            yield click.style("As usual", bold=True)
        for line in found:
            yield from self._wrapped(line, indent="  ", dim=True)

    # ------------------------------------------------------------ around the sites

    def _around(self) -> Iterator[str]:
        digest = self._digest
        if digest.alerts is not None:
            yield from self._list("Alerts", [self._said.alert(one) for one in digest.alerts.alerts])
            yield from self._more(digest.alerts.more)
        if digest.maintenance is not None:
            done = [self._said.changed(one) for one in digest.maintenance.done]
            proposed = [f"proposed: {self._said.changed(one)}" for one in digest.maintenance.proposed]
            yield from self._list("In the account", [*done, *proposed])
            yield from self._more(digest.maintenance.more)
        if not digest.quiet or digest.full:
            yield from self._list("Held back", [self._said.held(one) for one in digest.held_back or ()])
        missing = [self._said.failed(one) for one in digest.failures]
        yield from self._list("Missing here", missing, colour="yellow")

    def _list(self, title: str, items: Sequence[object], colour: str | None = None) -> Iterator[str]:
        if items:
            yield ""
            yield click.style(title, bold=True, fg=colour)
        for one in items:
            yield from self._item(oneline(one))

    def _item(self, text: str) -> Iterator[str]:
        return self._wrapped(text, indent="  • ", then="    ")

    def _more(self, count: int) -> Iterator[str]:
        if count:
            yield click.style(f"  … and {count:,} more", dim=True)

    def _wrapped(
        self, text: str, indent: str = "", then: str | None = None, *, bold: bool = False, dim: bool = False
    ) -> Iterator[str]:
        lines = textwrap.wrap(
            harmless(text),
            self._width,
            initial_indent=indent,
            subsequent_indent=indent if then is None else then,
        )
        return (click.style(line, bold=bold or None, dim=dim or None) for line in lines)


def _is_summary(section: Section) -> bool:
    return isinstance(section, Numbers) and section.of == "summary"


def _plain(text: object) -> str:
    """One line without anything that a terminal obeys; a blank that must not break is a blank here."""
    return harmless(oneline(text))


def _fitted(text: str, width: int) -> str:
    shown = _plain(text) or "–"
    return f"{shown[: width - 1]}…" if len(shown) > width else shown.ljust(width)


def _changed(figures: Figures, figure: Figure) -> str:
    if not figure.loud:
        words = "as usual" if figure.says == "usual" else _plain(figures.change(figure))
        return click.style(f"{words:<12}", dim=True)
    colour = "yellow" if figure.good is None else "green" if figure.good == figure.rose else "red"
    return click.style(
        f"{'▲' if figure.rose else '▼'} {_plain(figures.change(figure)):<10}", fg=colour, bold=True
    )


def _bar(share: float, colour: str, width: int = 30) -> str:
    filled = max(0, min(width, round(share * width)))
    return click.style("█" * filled, fg=colour) + click.style("░" * (width - filled), dim=True)
