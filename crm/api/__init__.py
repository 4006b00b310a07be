"""The API of the customer floor."""
