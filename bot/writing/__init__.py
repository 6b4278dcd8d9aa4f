"""How numbers, times and strangers' text are written, whoever writes them."""
