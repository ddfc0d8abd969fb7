"""Formats of other tools: one file each, a registry, and a neutral data set between them and a project.

Imports the context, `images`, `predicting`, `training`, `engine`, `media` and `store`.
"""
