"""Messages over NATS: taken, answered, published, set aside, read back, each seam with its reason."""
