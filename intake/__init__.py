"""Intake: the system with which a university office runs open calls of industry research programmes.

``app.create_app`` puts the application together. This package's own file imports nothing, so that a room or the
policy can
be imported without the web.
"""

__version__ = "0.1.0"
