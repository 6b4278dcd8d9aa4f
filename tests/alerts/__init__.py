"""The life of alerts: decided by pure functions, kept in the store, moved by people."""
