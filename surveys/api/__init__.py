"""The REST face of surveys."""
