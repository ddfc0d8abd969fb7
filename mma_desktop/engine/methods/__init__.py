"""Few-shot methods on frozen features: a table that does not import torch, and one module per method."""
