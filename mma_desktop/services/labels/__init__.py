"""Labels: which images to label next, which labels look wrong, and which are trained on.

Imports the context, `engine` and `store`.
"""
