"""The lines of the permission matrix, one module per app; `accounts.matrix` reads them all."""
