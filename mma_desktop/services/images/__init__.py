"""Images of a project: importing, pasting, missing files, duplicates, similarity search and sorting.

Imports the context, `engine`, `media` and `store`.
"""
