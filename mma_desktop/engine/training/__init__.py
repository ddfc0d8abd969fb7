"""Training: one run of a method, its optimisation loop, and learning curves.

Imports `engine.methods`, `engine.evaluation`, `engine.training_data` and `core`.
"""
