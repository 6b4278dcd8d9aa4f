"""Told: the roads by which notices reach people, and the worker that empties the outbox onto them."""
