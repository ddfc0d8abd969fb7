"""Labels and class names: which labels look wrong, what is trained on, and what the text encoder makes of a name.

Imports the context, `images`, `predicting` and `engine`.
"""
