"""Event rules: which events matter, and to whom. Pure: values in, values out.

`book` finds the rules that a heard event concerns, `judge` folds the event into what each of them
remembers (`memory`) and answers with findings. `expression` compiles the owner's `if`, `value` and
`once_per`; `amounts` reads what shops call a number.
"""
