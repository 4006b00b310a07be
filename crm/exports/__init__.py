"""Taking lists out: who may, which columns, the file, and the log of what left the product."""
