"""Invented rows in bulk for measuring: the same arguments give the same rows, on any machine."""
