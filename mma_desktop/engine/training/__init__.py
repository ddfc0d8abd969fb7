"""Training: its data, the optimisation loop, and learning curves.

Imports `engine.methods`, `engine.evaluation` and `core`.
"""
