"""Image features: computed from images, cached in a project, exported as a file.

Imports `engine.backbones` and `core`.
"""
