"""`do = { … }` of a rule or a watch, as written -> what it asks to be done."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.facts import MOST_A_DAY, Deed, Do
from bot.settings.words import Address, Duration, Text, Whole

EVERY = ("day", "week", "2 weeks", "3 weeks", "4 weeks")
"""As Pirsch counts them."""

_META = re.compile(r"meta\.([A-Za-z_][A-Za-z0-9_]{0,63})|meta\['([^']{1,100})'\]")
LONGEST = 10.0


def _meta_key(text: str) -> str:
    found = _META.fullmatch(text)
    if found is None:
        raise ValueError('the meta that holds an address is needed, such as "meta.ip"')
    return found[1] or found[2]


def _share(value: object) -> object:
    """Read "50%". Nothing else: half is no number that one would guess right."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,4}(\.\d{1,2})?\s*%", value.strip()):
        raise ValueError('a share is needed, such as "50%"')
    share = float(value.strip().rstrip("% ")) / 100
    if not 0 < share <= LONGEST:
        raise ValueError("more than 0% and at most 1000% is needed")
    return share


def _often(value: object) -> object:
    if value not in EVERY:
        raise ValueError(f"one of {', '.join(EVERY)} is needed")
    return EVERY.index(str(value))


Share = Annotated[float, BeforeValidator(_share)]
_DEEDS = {
    "filter": Deed.FILTER,
    "raise_spike_threshold": Deed.SPIKE_THRESHOLD,
    "raise_goal": Deed.GOAL,
    "report": Deed.REPORT,
    "webhook": Deed.WEBHOOK,
}
_GO_WITH = {"by": "raise_goal", "every": "report"}


class Doing(BaseModel):
    """`do = { … }`: exactly one deed, and what it needs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    filter: Annotated[Text, AfterValidator(_meta_key)] | None = None
    raise_spike_threshold: Share | None = None
    raise_goal: Text | None = None
    by: Share | None = None
    report: Address | None = None
    every: Annotated[int, BeforeValidator(_often)] | None = None
    webhook: Text | None = None
    lasts: Duration | None = None
    at_most: Annotated[Whole, Field(ge=1, le=100)] = MOST_A_DAY

    @model_validator(mode="before")
    @classmethod
    def _one_deed(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError('write it as do = { filter = "meta.ip" }')  # noqa: TRY004
        named = [one for one in _DEEDS if one in value]
        if len(named) != 1:
            raise ValueError(f"exactly one of {', '.join(_DEEDS)} is needed")
        for key, deed in _GO_WITH.items():
            if key in value and deed not in value:
                raise ValueError(f"{key} goes with {deed}")
        if "raise_goal" in value and "by" not in value:
            raise ValueError('raise_goal needs by, such as by = "20%"')
        return value

    def meaning(self) -> Do:
        """Return what is asked for."""
        name = next(one for one in _DEEDS if getattr(self, one) is not None)
        subject = getattr(self, name)
        share = self.raise_spike_threshold or self.by or 0.0
        return Do(
            deed=_DEEDS[name],
            subject=subject if isinstance(subject, str) else "",
            by=share,
            every=(1 if self.every is None else self.every) if name == "report" else None,
            lasts=self.lasts,
            at_most=self.at_most,
        )
