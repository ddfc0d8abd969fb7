"""Image features: computed from images, cached in a project, exported as a file.

Imports `engine.backbones`, `engine.device`, `engine.training_data` and `core`.
"""
