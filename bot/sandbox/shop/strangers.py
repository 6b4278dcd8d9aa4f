"""What people write who want to do harm, or cannot write JSON.

The tracking code is public, so anybody may send any text as a name or a value; and whoever learns a
webhook's address may send any bytes.
"""

import json
from collections.abc import Mapping

# Text as an event's name, key or value: good JSON, bad intentions.
HOSTILE_TEXT: Mapping[str, str] = {
    "mention of everybody": "<!channel> <!here> <@U00000001>",
    "link in disguise": "<https://evil.example/login|your bank>",
    "script": "</script><script>document.title='owned'</script>",
    "image": "<img src=x onerror=\"document.title='owned'\">",
    "header injection": "Hello\r\nBcc: victim@example.com\r\n\r\nBuy now",
    "right-to-left override": "invoice\u202egnp.exe",
    "four thousand characters": "word " * 800,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️🇺🇳" * 30,
    "NUL": "one\u0000two",
    "lone surrogates": "broken \ud83d and \udc00 halves",
    "template": "{{ 7 * 7 }} {% for x in range(9) %}{{ config }}{% endfor %}",
    "markup": "*bold* _sloped_ ~struck~ `code` ```\n> quote\n• point",
    "entities": "&lt;b&gt; &amp;amp; &#39; &quot;",
    "lines": "a\n" * 300,
    "combining marks": "Z" + "\u0335\u0347\u033b\u0316" * 60,
    "format string": "%s %n {0.__class__} $(reboot)",
    "SQL": "'; DROP TABLE events; --",
    "spreadsheet formula": '=HYPERLINK("https://evil.example";"open")',
}

_LARGE = 300 << 10  # bytes; more than any event of Pirsch can have

# Bytes that are no event, whatever one does with them.
RUBBISH: Mapping[str, bytes] = {
    "nothing": b"",
    "words": b"hello, is this the shop?",
    "half of it": b'{"event_name": "purchase", "event_meta": {"amo',
    "a list": b'["purchase", 0, {}]',
    "a number": b"42",
    "null": b"null",
    "no name": b'{"event_duration": 0, "event_meta": {}}',
    "name is null": b'{"event_name": null, "event_duration": 0, "event_meta": {}}',
    "name is a list": b'{"event_name": ["purchase"], "event_duration": 0, "event_meta": {}}',
    "meta is text": b'{"event_name": "purchase", "event_duration": 0, "event_meta": "amount=1"}',
    "meta is a list": b'{"event_name": "purchase", "event_duration": 0, "event_meta": [["amount", "1"]]}',
    "duration is words": b'{"event_name": "purchase", "event_duration": "an hour", "event_meta": {}}',
    "deep lists": b"[" * 60_000,
    "deep objects": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "300 KiB": json.dumps({"event_name": "purchase", "event_meta": {"note": "x" * _LARGE}}).encode(),
    "not UTF-8": b'{"event_name": "purch\xff\xfease", "event_duration": 0, "event_meta": {}}',
    "a form": b"event_name=purchase&amount=129.90",
    "a web page": b"<!doctype html><title>502 Bad Gateway</title>",
    "binary": bytes(range(256)) * 4,
    "endless digits": b'{"event_name": "purchase", "event_duration": ' + b"9" * 6_000 + b"}",
}
