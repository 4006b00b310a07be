"""Template tags of service."""
