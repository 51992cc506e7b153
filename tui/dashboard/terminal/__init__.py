"""The way to the terminal: what is written to it, and whether it has taken that."""
