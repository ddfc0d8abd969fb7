"""Class names and prompts: how the text encoder understands them, and how to improve them.

Imports the context and `engine`.
"""
