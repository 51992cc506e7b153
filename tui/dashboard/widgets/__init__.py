"""The widgets, and the pure functions that decide what they show."""
