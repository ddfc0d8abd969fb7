"""Trainings of a project: what to know before one, running it, keeping it, whether another would help.

Imports the context, `services.labels`, `engine` and `store`.
"""
