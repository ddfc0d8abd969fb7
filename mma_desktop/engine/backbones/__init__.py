"""Backbones: frozen image and text encoders with a shared space. `backbone_table` lists them, `loading` loads them.

Imports `engine.device` and `core`.
"""
