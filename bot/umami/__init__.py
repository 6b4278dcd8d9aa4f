"""Umami, self-hosted or in the cloud, as far as it is read: a client that speaks every dialect of its API.

`dialect` knows what major versions call things and how they want to be asked (pure), `answers` what they say
(pure), `wire` asks, `client` is what everything above uses. Nothing here changes anything at Umami.
"""
