"""Names and texts, encrypted by the service that received them: stored, read, erased, wrapped anew."""
