"""Messages go out, or fail in a way that says what to do."""
