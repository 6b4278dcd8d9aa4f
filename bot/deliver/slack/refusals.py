"""What Slack's refusals mean for us: try later, try another layout, give up, or ask a person to act.

Sources: the error tables of docs.slack.dev/reference/methods/chat.postMessage and of
docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.deliver.channel import Closed, Permanent, Temporary, Undelivered
from bot.writing.text import cut, oneline

LONGEST_PAUSE = timedelta(hours=1)

_LET_IN = "Ask an administrator of the Slack workspace to let @{bot} post in {to}."
_REINSTALL = "Install the Slack app again and put its new bot token (xoxb-…) into the environment."
_SCOPE = "Under “OAuth & Permissions” give the Slack app the scope {scope}, and install it again."

# What a person must do when Slack will take nothing here any more, by Slack's error code.
REMEDIES: Mapping[str, str] = {
    "not_in_channel": "In Slack, type /invite @{bot} in {to}.",
    "channel_not_found": "Check the name {to} in the config. If it is private, type /invite @{bot} in it.",
    "is_archived": "In Slack, unarchive {to}, or name another channel in the config.",
    "restricted_action": _LET_IN,
    "restricted_action_read_only_channel": _LET_IN,
    "restricted_action_thread_only_channel": "Name another channel in the config: {to} takes replies only.",
    "ekm_access_denied": _LET_IN,
    "team_access_not_granted": _LET_IN,
    "org_login_required": "The workspace is being moved: ask its administrator when it will be back.",
    "account_inactive": _REINSTALL,
    "token_revoked": _REINSTALL,
    "token_expired": "Turn token rotation off in the Slack app, install it again and take its new bot token.",
    "invalid_auth": "Copy the bot token (xoxb-…) from the Slack app's page once more.",
    "not_authed": "Put the bot token (xoxb-…) of the Slack app into the environment.",
    "not_allowed_token_type": "Take the bot token (xoxb-…) of the Slack app, not another of its tokens.",
    "missing_scope": _SCOPE,
    "no_permission": _SCOPE,
}

# The same for incoming webhooks, by HTTP status.
HOOK_REMEDIES: Mapping[int, str] = {
    403: "Ask an administrator of the Slack workspace to let the webhook post, or make a new one.",
    404: "Make a new incoming webhook in the Slack app, and put its address into the environment.",
    410: "In Slack, unarchive the webhook's channel, or make a webhook for another channel.",
}

# The message that stands for an alert can no longer be changed, or replied to: another takes its place.
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
LAYOUT = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
HOPELESS = frozenset({"no_text", "invalid_arguments", "invalid_metadata_format", "metadata_too_large"})
SLOW_DOWN = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# Slack says of these that a part of the work may have been done.
UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout"})


class LayoutRefused(Permanent):
    """Slack might take the message, but not in these blocks."""


def remedy(code: str) -> str | None:
    """Say what a person must do, with `{bot}`, `{to}` and `{scope}` to fill in. None when it can wait."""
    return REMEDIES.get(code)


def judge(status: int, code: str, headers: Mapping[str, str]) -> Undelivered:
    """Name a refusal of the Web API that no person has to mend."""
    shown = cut(oneline(code), 100)
    if status == 429 or code in SLOW_DOWN:
        return Temporary("Slack asks us to slow down", pause(headers))
    if code in LAYOUT:
        return LayoutRefused(f"Slack refuses the layout: {shown}")
    if code in HOPELESS:
        return Permanent(f"Slack refuses the message: {shown}")
    # An answer that is no JSON comes from something between us and Slack: who knows what it did.
    unsure = status >= 500 or code in UNSURE or " " in code
    return Temporary(f"Slack answers {shown}", pause(headers), ambiguous=unsure)


def judge_hook(status: int, body: str, headers: Mapping[str, str]) -> Undelivered:
    """Name what an incoming webhook answers instead of `200 ok`."""
    if status == 429:
        return Temporary("Slack asks us to slow down", pause(headers))
    if status in HOOK_REMEDIES:
        return Closed(f"Slack refuses the webhook: HTTP {status}", HOOK_REMEDIES[status])
    if status == 400:  # the body names the fault, in words that changed over the years
        return LayoutRefused(f"Slack refuses the message: {cut(oneline(body), 100)}")
    why = f"Slack answers HTTP {status} to the webhook"
    return Temporary(why, pause(headers), ambiguous=status >= 500 or status == 200)


def pause(headers: Mapping[str, str]) -> timedelta | None:
    """Read Retry-After, which Slack gives in seconds; rubbish is no advice, and no pause is over an hour."""
    for name, value in headers.items():
        if name.lower() == "retry-after" and value.isascii() and value.isdigit():
            return min(timedelta(seconds=int(value[:9])), LONGEST_PAUSE)
    return None
