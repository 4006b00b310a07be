"""Template words of complaints."""
