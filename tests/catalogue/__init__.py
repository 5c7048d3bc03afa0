"""Tests of loading the catalogue."""
