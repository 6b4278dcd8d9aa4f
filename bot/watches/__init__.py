"""Numbers that the owner has watched. Pure, but for what a look asks a `Source`.

`watch` is what the owner wrote, `look` what a kind of number promises, `looks` the table of all kinds.
`memory` is what a watch remembers between two looks, `opinion` what it thinks, `saying` what people are told.
"""
