"""Few-shot methods on frozen features: a table that does not import torch, and a module per method or family.

Imports `core`; the prompt learners also take a constant from `engine.backbones.text_tower`.
"""
