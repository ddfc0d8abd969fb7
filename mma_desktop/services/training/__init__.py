"""Trainings of a project: checks, running and storing them, and whether another one would help.

Imports the context, `services.labels`, `engine` and `store`.
"""
