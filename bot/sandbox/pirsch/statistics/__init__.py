"""Counts: each module answers one family of statistics calls from the same sessions."""
