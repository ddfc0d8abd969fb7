"""Formats of other tools: a file each, one registry, one neutral data set between them and a project.

Imports the context, `media` and `core`.
"""
