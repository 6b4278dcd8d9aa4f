"""Looks whether everything is as the settings need it, and says what to do where it is not.

`look` reads, `pirsch`, `umami` and `house` judge what was read (pure), `cli.doctor` prints.
"""
