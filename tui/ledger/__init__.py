"""The accounting: folds events into counts, figures of each worker and the balance. Pure: no I/O, no clock."""
