"""Demo: invented complaints go through their whole life on a real stack, and every result is checked."""
