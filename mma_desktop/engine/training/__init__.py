"""One training: its data, its optimiser, the way through the epochs.

Imports `engine.methods`, `engine.evaluation` and `core`.
"""
