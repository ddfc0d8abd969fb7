"""Images of a project: importing, pasting, missing files, duplicates, likeness, sorting by likeness.

Imports the context, `engine`, `media` and `store`.
"""
