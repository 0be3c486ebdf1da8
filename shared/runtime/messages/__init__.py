"""Messages over NATS: received, answered, published, quarantined, read back, each seam with its reason."""
