"""Makes the sessions of one local day. Each hour has its own seed, so that one hour never changes another."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

from bot.sandbox.pirsch import people, walk
from bot.sandbox.pirsch.chance import poisson
from bot.sandbox.pirsch.people import Device, Place
from bot.sandbox.pirsch.rhythm import Rhythm, Slot, goes_on, overlap
from bot.sandbox.pirsch.rows import GAP_SECONDS, Page, Session, Source, Visitor
from bot.sandbox.pirsch.settings import Incident, Trouble
from bot.sandbox.pirsch.walk import Mood, Walk

SILENT = (Trouble.TRACKER_BROKEN, Trouble.SITE_DOWN)
_RETURNS = 0.11  # share of visitors who come again on the same day
_LONGEST_PAUSE = 8 * 3600
_KEEPS_ALIVE = 0.06  # share of sessions that the page extends while it is being read


def sessions_of(rhythm: Rhythm, day: date, incidents: Sequence[Incident]) -> list[Session]:
    """Return all sessions that begin in a local day (or, for people who come again, soon after), by start."""
    made: list[Session] = []
    for slot in rhythm.slots(day):
        made.extend(_Hour(rhythm, slot, incidents).sessions())
    made.sort(key=lambda session: session.views[0].at)
    return made


class _Hour:
    """The arrivals of one hour: the usual ones, then those that incidents bring."""

    def __init__(self, rhythm: Rhythm, slot: Slot, incidents: Sequence[Incident]) -> None:
        self.slot, self.hostname = slot, rhythm.site.hostname
        self.incidents = [one for one in incidents if overlap(one, slot.since, slot.until + 4 * 3600)]
        self.seed = f"{rhythm.seed}/{rhythm.site.hostname}/people/{slot.since}"

    def sessions(self) -> list[Session]:
        """Draw everybody who comes in this hour."""
        rng = Random(self.seed)  # noqa: S311 - a simulation
        made: list[Session] = []
        for _ in range(poisson(rng, self.slot.expected)):
            made.extend(self._person(rng, people.SOURCES.draw(rng)))
        for incident in self.incidents:
            made.extend(self._wave(incident))
        return [session for session in made if self._recorded(session)]

    def _wave(self, incident: Incident) -> list[Session]:
        mean = self.slot.expected * incident.strength * overlap(incident, self.slot.since, self.slot.until)
        rng = Random(f"{self.seed}/{incident.trouble}/{incident.start_at}")  # noqa: S311 - a simulation
        made: list[Session] = []
        match incident.trouble:
            case Trouble.CAMPAIGN:
                source = people.campaign(incident.label or "campaign")
                for _ in range(poisson(rng, mean)):
                    made.extend(self._person(rng, source))
            case Trouble.VIRAL:
                source = people.link(incident.label or "https://news.ycombinator.com/")
                age = (self.slot.since - incident.start_at.timestamp()) / incident.length.total_seconds()
                for _ in range(poisson(rng, mean * 2 * (1 - max(0.0, age)))):
                    made.extend(self._person(rng, source))
            case Trouble.SPAM:
                made = [self._machine(rng, rng.choice(people.SPAM)) for _ in range(poisson(rng, mean))]
            case Trouble.BOTS:
                page = Page(incident.label, "") if incident.label else walk.HOME
                made = [self._machine(rng, Source(), page) for _ in range(poisson(rng, mean))]
            case _:
                pass  # the others bring nobody
        return [one for one in made if goes_on([incident], one.start, incident.trouble)]

    def _person(self, rng: Random, source: Source) -> list[Session]:
        at = self._moment(rng)
        visitor = _visitor(rng, people.PLACES.draw(rng), people.DEVICES.draw(rng))
        made = [self._session(rng, visitor, source, walk.stroll(rng, at, visitor.country, self._mood(at)))]
        if rng.random() < _RETURNS:
            again = made[0].last + GAP_SECONDS + 60 + min(_LONGEST_PAUSE, int(rng.expovariate(1 / 9000)))
            if utc_day(again) != utc_day(at):
                visitor = visitor._replace(visitor_id=rng.getrandbits(64))  # the fingerprint's salt changed
            path = walk.stroll(rng, again, visitor.country, self._mood(again))
            made.append(self._session(rng, visitor, Source(), path))
        return made

    def _machine(self, rng: Random, source: Source, page: Page = walk.HOME) -> Session:
        visitor = _visitor(rng, people.BOT_PLACE, people.BOT_DEVICE)
        return self._session(rng, visitor, source, walk.glance(rng, self._moment(rng), page), reads=False)

    def _session(
        self, rng: Random, visitor: Visitor, source: Source, path: Walk, *, reads: bool = True
    ) -> Session:
        last, extended = path.views[-1].at, 0
        if rng.random() < _KEEPS_ALIVE and reads:
            extended = 1 + int(rng.random() * 5)
            last += 60 * extended
        return Session(
            rng.getrandbits(32),
            visitor,
            source,
            self.hostname,
            tuple(path.views),
            tuple(path.events),
            last,
            extended,
        )

    def _moment(self, rng: Random) -> int:
        return self.slot.since + int(rng.random() * (self.slot.until - self.slot.since))

    def _mood(self, at: int) -> Mood:
        if not self.incidents:
            return _USUAL
        broken = goes_on(self.incidents, at, Trouble.BROKEN_LINKS)
        can_pay = goes_on(self.incidents, at, Trouble.CHECKOUT_BROKEN) is None
        return Mood(broken.strength if broken else _USUAL.dead_links, can_pay)

    def _recorded(self, session: Session) -> bool:
        return not any(_keeps_out(incident, session) for incident in self.incidents)


_USUAL = Mood()


def _keeps_out(incident: Incident, session: Session) -> bool:
    if goes_on([incident], session.start, *SILENT, Trouble.SOURCE_GONE) is None:
        return False
    source = session.source
    return incident.trouble in SILENT or incident.label in (source.referrer, source.utm_campaign)


def _visitor(rng: Random, place: Place, device: Device) -> Visitor:
    bits = rng.getrandbits(16)
    ip = f"{place.net}.{bits >> 8}.{bits & 255}"
    return Visitor(rng.getrandbits(64), ip, place.country, place.region, place.city, place.language, *device)


def utc_day(at: int) -> date:
    """Return the day whose salt a fingerprint carries."""
    return datetime.fromtimestamp(at, UTC).date()
