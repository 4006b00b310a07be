"""The door and machinery: servers, supervisor, settings, health."""
