"""Images of a project: importing, pasting, missing files, duplicates, similarity search and sorting.

Imports the context, `predicting`, `engine`, `media` and `store`.
"""
