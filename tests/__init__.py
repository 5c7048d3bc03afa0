"""The tests; they mirror ``intake/``."""
