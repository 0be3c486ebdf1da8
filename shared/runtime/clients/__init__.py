"""Clients: who they are (`register`), what each may do (`speaking`), the file as it changes (`following`)."""
