"""Template words of surveys."""
