"""Labels: which images to label next, which labels look wrong, which are trained on.

Imports the context, `engine` and `store`.
"""
