"""Path patterns as users write them, and the regular expressions that Pirsch makes of them."""

import re2

BadPattern = re2.error


def regex_of(glob: str) -> str:
    """Turn a glob into the expression kept beside it: `*` within a segment, `**` across segments."""
    escaped = re2.escape(glob).replace("\\/", "/").replace("\\*\\*", ".*").replace("\\*", "[^/]*")
    return f"(?i)^{escaped}$"


def matches(regex: str, text: str) -> bool:
    """Say whether an expression (RE2, as at the vendor) finds something. Raises BadPattern."""
    return re2.search(regex, text) is not None
