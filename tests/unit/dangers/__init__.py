"""Texts of customers: those in which somebody is in danger begin with `D|`, the harmless ones with `.|`."""
