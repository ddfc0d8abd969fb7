"""Images of a project: importing, pasting, embedding, missing files and duplicates.

Imports the context, `predicting`, `engine`, `media` and `store`.
"""
