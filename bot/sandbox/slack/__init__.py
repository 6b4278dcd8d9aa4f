"""A Slack workspace over real HTTP, strict where the real one is."""

from bot.sandbox.slack.server import Slack

__all__ = ["Slack"]
