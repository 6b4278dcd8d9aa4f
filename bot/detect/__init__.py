"""Trouble in numbers, one file per detector. Pure: values in, verdicts with their reasons out.

`verdict` says what an answer looks like and `spell` what is remembered between two looks. `expected`
learns what is usual from `hours`; `unusual` and `silence` judge against it. `threshold`, `change`,
`proportion`, `breakdown` and `gaps` need no hours. `tails`, `integrals` and `rates` are the arithmetic.

Every `look` takes its rule, the numbers of completed periods, the instant they were complete at and the
spell so far; it answers with a `Judged`: the verdict and the spell to keep. A number that could not be
read is not a number: `verdict.unread` says so, and the spell stays what it was.
"""
