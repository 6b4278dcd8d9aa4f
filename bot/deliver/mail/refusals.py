"""What a mail server's refusals mean. 4xx: later. 5xx: this mail never, or nothing until somebody acts.

Source: RFC 5321 4.2 (reply codes), RFC 4954 6 (codes of AUTH), RFC 3207 (STARTTLS).
"""

import re
import smtplib
import ssl
from socket import gaierror

from bot.deliver.channel import Closed, Permanent, Temporary, Undelivered
from bot.writing.text import cut, oneline

_LOG_IN = "Check user and password of the mail server; many providers want a password made for programs."
_TRUST = "Check the server's name in the config, or name its authority's certificate in ca_file."
_TLS = "Check host, port and security in the config: tls is usually port 465, starttls port 587."

Answers = dict[str, tuple[int, bytes]]
"""What the server said to addresses that it did not take."""

WANT_LOGIN = frozenset({530, 534, 535, 538})


# Of a mailbox, not of a policy: there is none, it moved, or it is switched off (RFC 3463 3.2 and 3.3).
_NO_MAILBOX = re.compile(rb"5\.(?:1\.[0-9]+|2\.1)\b")
_ENHANCED = re.compile(rb"5\.[0-9]+\.[0-9]+\b")
_OF_MAILBOXES = frozenset({521, 550, 551, 553, 556})


class NobodyTaken(Exception):
    """A copy was taken for none of its addresses; `answers` are the server's."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(f"{len(answers)} refused")
        self.answers = answers


def said(code: int, text: bytes | str) -> str:
    """Quote the server on one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return cut(oneline(f"{code} {words}"), 200)


def unreachable(error: OSError, host: str, *, ambiguous: bool = False) -> Temporary:
    """Name a connection that could not be made, or was lost."""
    if isinstance(error, gaierror):
        detail = "its name is not known"
    elif isinstance(error, smtplib.SMTPServerDisconnected):
        detail = "the connection was lost"
    else:
        detail = error.strerror or type(error).__name__
    return Temporary(f"{host} cannot be reached: {detail}", ambiguous=ambiguous)


def judge_opening(refusal: smtplib.SMTPException, host: str) -> Undelivered:
    """Name what went wrong before any mail was offered.

    Answers to AUTH are told by their code alone: a server may repeat what it was sent.
    """
    match refusal:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            why = f"{host} refuses user and password ({code})"
            return Temporary(why) if 400 <= code < 500 else Closed(why, _LOG_IN)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            why = f"{host} says {said(code, text)}"
            return (
                Closed(why, _LOG_IN if code in (530, 534, 538) else _TLS) if code >= 500 else Temporary(why)
            )
        case smtplib.SMTPServerDisconnected():
            return unreachable(refusal, host)
        case smtplib.SMTPNotSupportedError():
            return Closed(f"{host} does not offer what the config asks for: {oneline(refusal)}", _TLS)
        case _:
            return Closed(f"{host} and we have no way to log in in common", _LOG_IN)


def judge_sender(code: int, text: bytes, sender: str) -> Undelivered:
    """Name the answer to MAIL FROM."""
    why = f"the mail server refuses {sender}: {said(code, text)}"
    if code < 500:
        return Temporary(why)
    if code == 552:  # too large, RFC 1870
        return Permanent(why)
    if code in WANT_LOGIN:
        return Closed(why, _LOG_IN)
    return Closed(why, f"Let the mail server accept {sender} as a sender, or write another one as `from`.")


def later(answers: Answers) -> tuple[str, ...]:
    """Return the addresses that may be taken at another time."""
    return tuple(who for who, (code, _) in answers.items() if code < 500)


def never(answers: Answers) -> dict[str, str]:
    """Return the addresses that were refused for good, each with the server's word."""
    return {who: said(code, text) for who, (code, text) in answers.items() if code >= 500}


def gone(answers: Answers) -> dict[str, str]:
    """Return those of them whose mailbox is at fault: whatever is sent there will be refused.

    Many servers answer 550 to what they take for spam, too. The enhanced code tells one from the other; where
    there is none, the code has to do.
    """

    def at_fault(code: int, text: bytes) -> bool:
        return bool(_NO_MAILBOX.match(text)) if _ENHANCED.match(text) else code in _OF_MAILBOXES

    return {who: said(code, text) for who, (code, text) in answers.items() if at_fault(code, text)}


def quoted(answers: Answers) -> str:
    """Quote what was said to the first few."""
    return "; ".join(f"{who}: {said(code, text)}" for who, (code, text) in list(answers.items())[:3])


def judge_recipients(refused: Answers) -> Undelivered:
    """Name what it means that nobody was accepted. One who may be accepted later is worth waiting for."""
    why = quoted(refused)
    if any(code < 500 for code, _ in refused.values()):
        return Temporary(f"the mail server takes no recipient now: {why}")
    if all(code in WANT_LOGIN for code, _ in refused.values()):
        return Closed(f"the mail server wants a login: {why}", _LOG_IN)
    return Closed(f"the mail server refuses every recipient: {why}", "Check the addresses in `to`.")


def judge_data(code: int, text: bytes | str) -> Undelivered:
    """Name the answer to the mail itself."""
    why = f"the mail server refuses the mail: {said(code, text)}"
    return Permanent(why) if code >= 500 else Temporary(why)


def judge_tls(error: ssl.SSLError, host: str) -> Undelivered:
    """Name why no encrypted connection came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"the certificate of {host} is not trusted: {oneline(error.verify_message)}"
        return Closed(why, _TRUST)
    if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return Closed(f"{host} does not speak TLS from the first byte", _TLS)
    return unreachable(error, host)
