"""Measures the figures of docs/benchmarks.md on this machine: `make bench`. No part of the tests."""
