"""The roof: settings, URLs, API router, Celery, health, and the local servers. Imports every app, imported by none."""
