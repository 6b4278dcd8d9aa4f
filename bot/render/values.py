"""What a template may use: each value with what it is. The commands print it, docs/templates.md repeats it.

A test holds it to the facts themselves: nothing is missing here, and nothing is here that does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The values of one kind of notice, or of a thing within it: by name, in Markdown."""

    about: str
    values: Mapping[str, str]


VALUES: Mapping[str, Room] = MappingProxyType(
    {
        "notice": Room(
            about="",
            values={
                "key": "which trouble this is; messages of one key are one mail thread",
                "content": "what is told, one of the kinds below",
                "at": "when it was decided to tell",
                "severity": "`info`, `notice` or `page`",
                "reason": "why it is told: `told`, `collected`, or, about an alert, such as `opened`, `reminded` and `resolved`",
                "site": "the site's name in the config, or none",
                "rule": "the rule's name in the config, or none",
                "standing": "the alert that it speaks of, a *standing* as below; none for what is over as soon as it is told",
                "kind": "which kind `content` is",
            },
        ),
        "standing": Room(
            about="an alert, as it stands with this notice",
            values={
                "alert": "its id, for `pirsch-bot alerts show`; one trouble from its beginning to its end",
                "state": "`pending`, `open`, `acknowledged`, `muted`, `recovering` or `resolved`",
                "opened_at": "since when it is open",
                "told": "how many messages about it there were, with this one",
                "by": "who acknowledged or muted it, or none",
                "why": "what keeps it quiet, or kept it quiet until now, or none",
                "until_at": "until when it is kept quiet, or none",
                "next_at": "when it is told again if nothing changes, or none",
                "meanwhile": "what this alert kept quiet, a few of them by name",
                "inhibited": "how many those are in all",
            },
        ),
        "event": Room(
            about="one event that a rule asked for",
            values={
                "event": "the event, an *example* as below",
                "duration": "the duration that came with it",
            },
        ),
        "collected": Room(
            about="many events of one rule, told together",
            values={
                "count": "how many",
                "first_at": "when the first came",
                "last_at": "when the last came",
                "examples": "up to five of them, each an *example* as below: the largest, or else the latest",
                "total": "the sum of their values, or none",
                "largest": "the largest value, or none",
                "unreadable": "how many values were no numbers and are missing from the sum",
            },
        ),
        "frequency": Room(
            about="an event comes too often, or no longer does",
            values={
                "state": "`firing` or `resolved`",
                "at_least": "how many start the alarm",
                "within": "in which time",
                "count": "how many within that time now",
                "total": "how many since it began",
                "since_at": "when it began",
                "ended_at": "when it ended, or none",
                "examples": "the latest, each an *example* as below",
            },
        ),
        "absence": Room(
            about="an expected event stays away, or came again",
            values={
                "state": "`firing` or `resolved`",
                "expected": "the event's name, or the glob",
                "none_within": "how long is too long",
                "watched_since_at": "since when the bot has been waiting",
                "last_at": "when the last one came before, or none",
                "ended_at": "when it came again, or none",
            },
        ),
        "measured": Room(
            about="a number left what is usual, or is back",
            values={
                "state": "`firing` or `resolved`",
                "look": "the kind of number, as the config calls it: `visitors`",
                "number": "what was counted, as a sentence names it: `visitors`, `purchase events`",
                "unit": "how to write it: nothing for counts, `%`, or `s` for seconds; see the filter `measure`",
                "why": "why it fires: `unusually_high`, `unusually_low`, `over_the_limit`, `under_the_limit`, `rose`, `fell`, `silent`, …",
                "side": "`up`, `down`, or none",
                "subject": "the page, step or goal that is meant, or none for the number itself",
                "value": "what was counted …",
                "within": "… within this time, or none for a number of the moment",
                "expected": "what is usual, or none",
                "low": "all but one in fifty usual values lie between this …",
                "high": "… and this, or none",
                "limit": "the limit of the config, or none",
                "rarity": "how seldom chance alone does this, in words, or none",
                "since_at": "when it began",
                "ended_at": "when it ended, or none",
                "extreme": "the value at its farthest, or none",
                "missing": "how many fewer came than expected, over all of it; below zero how many more; or none",
                "explanation": "what made the difference, or none",
                "link": "where one can look on in the dashboard, or none",
                "picture": "the last days with the expected band, or none",
            },
        ),
        "plan": Room(
            about="a plan for the account waits for a yes",
            values={
                "plan": "how it is called",
                "title": "what it is about, in a few words",
                "changes": "up to ten of its changes, each with `what`, `fields` (each with `name`, `before`, `after`), `why`, `warnings`, `impact`, `ruling`, `risk`",
                "more": "how many changes are not among them",
                "refused": "how many changes the guard refuses",
                "asked_by": "who or what proposes it",
                "evidence": "why, in sentences",
                "until_at": "until when it can be decided, or none",
                "link": "the page that asks for the yes, or none",
            },
        ),
        "drift": Room(
            about="somebody else changed what the config says",
            values={
                "things": "up to ten objects, each with `what`, `fields` (each with `name`, `before`, `after`), `gone`",
                "more": "how many are not among them",
            },
        ),
        "applied": Room(
            about="what became of a plan",
            values={
                "plan": "how it is called",
                "who": "who carried it out, or said yes",
                "steps": "up to ten changes, each with `what`, `good`, `outcome`, `answer`",
                "more": "how many are not among them",
            },
        ),
        "held": Room(
            about="what a channel was spared for a while",
            values={
                "count": "how many messages",
                "since_at": "since when",
                "notices": "the latest of them, at most twenty, each a *notice* as above",
            },
        ),
        "missed": Room(
            about="a channel is open again",
            values={
                "channel": "what the config calls the place: `#sales`",
                "why": "what had closed it",
                "since_at": "since when it was closed",
                "until_at": "when it took a message again",
                "elsewhere": "how many messages went round by its fallback",
                "lost": "how many were given up",
                "fallback": "the channel that took them, or none",
            },
        ),
        "digest": Room(
            about="what a period was",
            values={
                "name": "the digest's name",
                "span": "the days that it is about; see the filter `days`",
                "before": "the days that they are compared with",
                "sites": "the part of each site: `site`, `span`, `before`, `sections`, `failed`, `masked`, and `headline`, `chart`, `loud`",
                "alerts": "`alerts` (`rule`, `severity`, `site`, `opened_at`, `resolved_at`) and `more`, or none where not asked for",
                "maintenance": "`done` and `proposed` (`what`, `why`, `at`, `site`) and `more`, or none",
                "held_back": (
                    "what was not told, or `later`: `reason`, `count`, `examples`, and of which `channel`; or none"
                ),
                "failed": "what could not be made: `sections`, `why`, `site`; `content.failures` are those of the sites too",
                "late": "how long after its time it was made, or none",
                "next_at": "when the next one comes",
                "full": "whether what is usual is told too",
            },
        ),
        "upkept": Room(
            about="the bot changed the account by itself, or took a change back",
            values={
                "what": "what was done, in a few words",
                "why": "why",
                "good": "false when something went wrong, or was undone",
                "changes": "what was done: sentences",
                "undo": "the command that takes it back, or empty",
            },
        ),
        "losses": Room(
            about="events of a day that never came through their webhooks",
            values={
                "day": "the day, by the site's calendar",
                "events": "the events of which some are missing, the largest loss first: `name`, `sent` (by the vendor's count), `received`, `lost`",
                "away": "when the bot was not there on that day, as far as it knows: `since_at`, `until_at`",
                "unreadable": "how many bodies of that day could not be read, and may be some of them",
                "switched_off": "the events whose webhook is switched off by now",
            },
        ),
        "trouble": Room(
            about="the bot itself needs a person",
            values={
                "what": "what is wrong, in a few words",
                "why": "why",
                "moments": "instants that belong to why, each with `what` it was, in words that `at` completes",
                "remedy": "what to do",
            },
        ),
        "test": Room(
            about="somebody tries a channel",
            values={
                "asked_by": "who",
            },
        ),
        "example": Room(
            about="an event as a message quotes it",
            values={
                "name": "the event's name",
                "received_at": "when it came",
                "meta": 'its values by key: `example.meta.amount`, or `example.meta["order id"]`; use <code>&#124; default("?")</code> for keys that may be missing',
                "value": "the number that the rule reads from it, or none",
            },
        ),
    }
)
