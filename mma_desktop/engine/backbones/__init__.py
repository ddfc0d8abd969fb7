"""Backbones: frozen image and text encoders that meet in one space. `table` lists them, `loading` loads them."""
