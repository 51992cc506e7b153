"""The screens: the first view and the help above it."""
