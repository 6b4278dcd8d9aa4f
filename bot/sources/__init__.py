"""Where numbers come from. `source.Source` is what everything above speaks; `pirsch` speaks it over Pirsch.

Nothing above this package knows a vendor's name for anything, nor its errors.
"""
