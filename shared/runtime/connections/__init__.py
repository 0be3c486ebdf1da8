"""Connections to NATS and Temporal: one place for services, console, provision, board and door.

`settings` reads the variables, `places` is what they mean, `tls` reads certificates, `nats` and `temporal`
connect, and `wrong` is the sentence for a setting that cannot be used.
"""
