"""Trainings of a project: the learning model and its suggestions, checks, running and storing, and when to train again.

Imports the context, `images`, `labels`, `predicting`, `engine`, `media` and `store`.
"""
