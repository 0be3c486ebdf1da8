"""Texts of customers: those in which a person is in danger begin with `D|`, the harmless texts with `.|`."""
