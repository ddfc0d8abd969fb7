"""Trainings of a project: the learning model and what it suggests, checks, running and storing, and whether to train again.

Imports the context, `services.labels`, `engine` and `store`.
"""
