"""Numbers as shops write them: a text becomes a `Decimal`, or nothing. Never a float, never an error.

`number` reads a bare number, `money` also one with a currency. Both understand these spellings:

| text                     | read as    | because                                                          |
|--------------------------|------------|------------------------------------------------------------------|
| `1299`, `-5`, `.5`, `1e3`| as written | plain numbers, as programs write them                            |
| `1.299`                  | 1.299      | one point is always the decimal point: programs write it so      |
| `1,29`, `199,9`, `0,299` | 1.29 …     | one comma is a decimal comma …                                   |
| `1,299`                  | 1299       | … unless exactly three digits follow one to three (not `0`)      |
| `1.299,00`, `1,299.00`   | 1299.00    | of two signs the last one is the decimal sign                    |
| `1,299,000`, `1.299.000` | 1299000    | a sign that is repeated groups digits by three                   |
| `12,34,567`              | 1234567    | and so does the Indian way                                       |
| `1 299,00`, `1'299.00`   | 1299.00    | spaces and apostrophes only ever group                           |
| `$5`, `5 €`, `USD 12.50` | 5 …        | `money` only                                                     |
| `1.299 €`                | 1299       | `money` only: with a currency it was written for people          |
| `KWD 1.299`              | 1.299      | `money` only: some currencies have three decimals                |
| `1.2.3`, `1,2,3`, `abc`  | nothing    | not a number                                                     |

Bounds: 40 characters; less than 10^18; decimals beyond the 18th are rounded.
"""

import re
from decimal import Context, Decimal

LONGEST_TEXT = 40
WHOLE_DIGITS = 18
DECIMALS = 18

# No trap: an impossible result is a value (NaN, Infinity), not an exception. With 60 digits, sums of
# values of 18 + 18 digits are exact.
EXACT = Context(prec=60, traps=[])

_GROUPING = " \u00a0\u2009\u202f'\u2019"
_ONE = Decimal(1)
_LIMIT = Decimal(10) ** WHOLE_DIGITS
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
# What programs write, nearly always: known to be within bounds, and read without a second look.
_COMMON = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_PLAIN = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_POINT_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")

# The first form that fits decides: how it looks, which characters to drop, which is the decimal sign.
_FORMS = (
    (_PLAIN, str.maketrans("", "")),
    (
        re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]*)?"),
        str.maketrans("", "", ","),
    ),
    (
        re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]*|(?:\.[0-9]{3}){2,})"),
        str.maketrans(",", ".", "."),
    ),
    (re.compile(r"[0-9]+,[0-9]*|,[0-9]+"), str.maketrans(",", ".")),
    (
        re.compile(rf"[1-9][0-9]{{0,2}}([{_GROUPING}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:[.,][0-9]*)?"),
        str.maketrans(",", ".", _GROUPING),
    ),
)

# ISO 4217, active codes, and the words that shops print instead.
_CODE_WORDS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD"
    " CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD"
    " GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT"
    " LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR"
    " NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP"
    " STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF"
    " XPF YER ZAR ZMW ZWG"
    " KR ZŁ KČ FT FR RS LEI ЛВ"
)
_CODES = frozenset(_CODE_WORDS.split())
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_MARK = r"[A-Za-z]{0,3}[$¢£¤¥฿₠-⃀＄￡￥]|[^\W\d_]{2,3}\.?"
_MARK_BEFORE = re.compile(rf"([+-]?)\s*({_MARK})\s*(.*)", re.DOTALL)
_MARK_AFTER = re.compile(rf"(.*?[0-9.,])\s*({_MARK})", re.DOTALL)


def number(text: str | None) -> Decimal | None:
    """Read a bare number. None when there is none, see the table above."""
    if text is None or len(text) > LONGEST_TEXT:
        return None
    if _COMMON.fullmatch(text):
        return Decimal(text)
    return _read(text.strip().replace("\u2212", "-"))


def money(text: str | None) -> Decimal | None:
    """Read a number with or without a currency, which is dropped and never converted."""
    if text is None or len(text) > LONGEST_TEXT:
        return None
    if _COMMON.fullmatch(text):
        return Decimal(text)
    marks = []
    rest = text.strip().replace("\u2212", "-")
    if (before := _MARK_BEFORE.fullmatch(rest)) and _is_currency(before[2]):
        marks.append(before[2].upper())
        rest = before[1] + before[3]
    if (after := _MARK_AFTER.fullmatch(rest)) and _is_currency(after[2]):
        marks.append(after[2].upper())
        rest = after[1]
    if marks and _THREE_DECIMALS.isdisjoint(marks) and _POINT_GROUP.fullmatch(rest):
        rest = rest.replace(".", "")
    return _read(rest)


def bounded(value: Decimal) -> Decimal | None:
    """Keep a value within what can be stored, added up and shown. None when it is too large or no number."""
    if not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and not -DECIMALS <= exponent <= 0:
        value = EXACT.quantize(value, _ONE if exponent > 0 else _SMALLEST)
    # What is too large for EXACT is no number any more.
    return value if value.is_finite() and abs(value) < _LIMIT else None


def _read(text: str) -> Decimal | None:
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    for form, spelling in _FORMS:
        if form.fullmatch(unsigned):
            value = Decimal(unsigned.translate(spelling))
            return bounded(value.copy_negate() if text[0] == "-" else value)
    return None


def _is_currency(mark: str) -> bool:
    is_sign = not mark[-1].isalpha() and mark[-1] != "."
    return is_sign or mark.rstrip(".").upper() in _CODES
