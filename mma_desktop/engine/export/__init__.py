"""Export a whole classifier to one file of another format: trace, write, read back and compare.

Imports the rest of `engine`, and `core`.
"""
