"""Class names and prompts: what a text encoder makes of them, and what to do about it.

Imports the context and `engine`.
"""
