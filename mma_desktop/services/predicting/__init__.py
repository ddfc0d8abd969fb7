"""Predictions: of a project's images, for a typed class name, and of files without a project.

Imports the context, `engine`, `media` and `store`.
"""
