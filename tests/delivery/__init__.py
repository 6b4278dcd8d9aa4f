"""Messages leave the outbox in order, whatever far sides do."""
