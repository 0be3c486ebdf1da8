"""Commands of `amends`, a module each. `command_table` lists them, and `app` imports them."""
