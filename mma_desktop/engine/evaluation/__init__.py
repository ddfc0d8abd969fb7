"""Measurements of a classifier: accuracy, calibration, cross-validation, accuracy by number of shots.

Imports `engine.methods`, `engine.training_data`, a function of `engine.backbones.backbone_table`, and `core`.
"""
