"""The config file: every key, every mistake, and no secret in any word about it."""
