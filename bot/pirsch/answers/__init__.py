"""What Pirsch answers, as frozen values. The only modules that know its names for things.

Counts are int; rates and shares are fractions from 0 to 1 unless a name says percent; days are the local
days of the asked time zone. Rows hold at least what every generation of the documents has, so a field that
is None was not told.
"""
