"""Names and texts, encrypted by the service that received them: put away, read, erased, wrapped anew."""
