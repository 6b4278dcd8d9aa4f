"""What made the difference, in numbers that are out of the usual already.

`drivers` decides (pure), `window` says what can be asked of a part of a day (pure), `gather` asks a source
for both sides of the comparison. `suspects` tells a broken tracker, vanished visitors and a vendor that
records nothing apart (pure), `telling` makes a finding of it (pure). `watched` does both for what a watch
thinks. `dashboard` knows the addresses of Pirsch's own pages (pure).
"""
