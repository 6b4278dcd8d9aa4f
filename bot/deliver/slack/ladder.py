"""What is tried, best first, until Slack takes a layout: a layout never loses a message. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render import SlackWords
from bot.render.blocks import Block, with_charts

LONGEST_CHANGE = 3_900
"""Bytes of UTF-8; chat.update refuses a text of more than 4,000, where chat.postMessage counts letters."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One try: what is read out and shown in notifications, and what people see."""

    text: str
    blocks: Sequence[Block]
    charts: bool = False


def parent(words: SlackWords, mention: str | None, *, charts: bool) -> list[Rung]:
    """Say everything: with charts, without, without the cells, and as text alone."""
    shown, text, alone = _called(words, mention)
    fewer = tuple(block for block in shown if "text" in block)
    rungs = [Rung(text, with_charts(shown, words.charts), charts=True)] if charts and words.charts else []
    return [*rungs, Rung(text, shown), Rung(text, fewer), Rung(alone, ())]


def change(words: SlackWords, *, charts: bool) -> list[Rung]:
    """Say everything in the place of old words. Nobody is called again: an edit calls nobody."""
    return [
        Rung(_bytes(rung.text, LONGEST_CHANGE), rung.blocks, charts=rung.charts)
        for rung in parent(words, None, charts=charts)
    ]


def reply(words: SlackWords, mention: str | None) -> list[Rung]:
    """Say what changed, below a parent that shows how it stands: the sentence and the lines, no cells."""
    text = f"{mention} {words.text}" if mention else words.text
    return [Rung(text, words.reply), Rung(text, ())]


def _called(words: SlackWords, mention: str | None) -> tuple[tuple[Block, ...], str, str]:
    if mention is None:
        return words.blocks, words.text, words.alone
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": mention, "verbatim": True}}
    return (*words.blocks, block), f"{mention} {words.text}", f"{mention} {words.alone}"


def _bytes(text: str, most: int) -> str:
    """Cut to a number of bytes, leaving no half letter and no half entity."""
    data = text.encode()
    if len(data) <= most:
        return text
    kept = data[: most - len("…".encode())].decode(errors="ignore")
    begun = kept.rfind("&")
    return (kept[:begun] if begun >= 0 and ";" not in kept[begun:] else kept).rstrip() + "…"
