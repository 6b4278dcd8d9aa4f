"""Every function of every store, on SQLite and on PostgreSQL."""
