"""One notice of every kind, as it usually is and as an attacker would like it: for previews and for tests."""
