"""Seeded malformed input, in quantity: every message must end as a result or a dead letter, and nothing may fail."""
