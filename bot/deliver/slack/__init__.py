"""Slack: by a bot token into a channel, or by an incoming-webhook address, which is simpler and knows less.

`channel` and `hook` are the two roads; `client` is the door to Slack's API; `ladder` is what is tried when a
layout is refused; `places` finds channels by their names; `refusals` says what Slack's refusals mean.
"""

from bot.deliver.slack.channel import Slack
from bot.deliver.slack.client import Client
from bot.deliver.slack.climbing import Charts
from bot.deliver.slack.hook import SlackHook

__all__ = ["Charts", "Client", "Slack", "SlackHook"]
