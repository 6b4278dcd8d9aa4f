"""The simulated Pirsch is proved over a real socket: agreement, oddities, faults, webhooks."""
