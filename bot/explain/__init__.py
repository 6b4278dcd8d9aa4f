"""What made the difference, in numbers that are out of the usual already.

`drivers` decides (pure), `window` says what can be asked of a part of a day (pure), `gather` asks a source
for both sides of the comparison. `cause` tells a broken tracker, vanished visitors and a Pirsch that is down
apart (pure). `dashboard` knows the addresses of Pirsch's own pages (pure).
"""
