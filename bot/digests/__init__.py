"""Digests: what a period was, gathered from every room, weighed, and told once.

`outline` is what a digest shall contain, `editions` says which days one is about (pure). `gather` asks the
sources, each section of `sections` by itself; `weigh` and `settle` decide what is worth saying (pure); `book`
remembers which edition went where.
"""
