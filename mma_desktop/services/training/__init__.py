"""Trainings of a project: the learning model and its suggestions, checks, experiments and their table.

Imports the context, `images`, `labels`, `predicting`, `engine`, `media` and `store`.
"""
