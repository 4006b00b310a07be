"""Input of the customer floor, the same for pages and API, one module a subject."""
