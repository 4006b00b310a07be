"""Pages of the customer floor, one module a subject."""
