"""Malformed input by the million, seeded: messages through a worker, frames into the embedded broker."""
