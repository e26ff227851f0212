"""Outputs that code renders: each function takes the catalogue and a key and returns bytes."""
