"""The calls of API v1, one module per area: each reads a call and returns what is to be answered."""
