"""The REST face of complaints."""
