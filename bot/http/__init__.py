"""How a far side is asked over HTTP, whoever it is: a request, its bounds, its pauses, and what was said.

`transport` sends one request and returns one reply; `budget` keeps us below limits; `decoding` makes values
of JSON. What a vendor calls anything is known in `pirsch` and `umami` only.
"""
