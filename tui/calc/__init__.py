"""What kcalc computes: exact operands, operations, and the messages that carry them; pure, no I/O."""
