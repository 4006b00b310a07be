"""The ground of the REST API: scoped viewsets, keyset pages, one error shape, schema of forms."""
