"""Keeps what is managed in order by itself: sources of filters, proposals, thresholds, goals, webhooks.

`manage` knows how a wish becomes a plan and a plan becomes true. This package finds the wishes that change
with the days, puts what a person should decide before that person, and undoes what turned out wrong.
"""
