"""Importing databases: what is the same, what is said of it, and the store that is made of it."""
