"""Tests of the room ``programme``."""
