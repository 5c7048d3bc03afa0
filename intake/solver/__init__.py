"""The assignment engine: which reviewer reviews which proposal, as plain functions over one frozen ``Instance``.

It knows neither Flask nor the database, and is imported only where something is solved, because its libraries are slow
to load. ``solving.solve`` is the way in; ``command`` reads and writes files around it.
"""

VERSION = "1.0"
"""Stands in every report. It changes whenever the same input may give another assignment."""
