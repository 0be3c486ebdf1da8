"""The demo: invented complaints live their whole life on a real stack, and everything is checked."""
