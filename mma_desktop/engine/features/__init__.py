"""Image features: made from pictures, cached in a project, written as one file.

Imports `engine.backbones` and `core`.
"""
