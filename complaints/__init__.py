"""Complaints against any department, supervised by people independent of it."""
