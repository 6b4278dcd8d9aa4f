"""Real processes on real stores: killed, stopped, doubled."""
