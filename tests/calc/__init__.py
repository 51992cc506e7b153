"""Tests of what is computed: numbers, operations, messages and answers."""
