"""Labels: which images to label next, which labels look wrong, and which are trained on.

Imports the context, `images`, `predicting` and `engine`.
"""
