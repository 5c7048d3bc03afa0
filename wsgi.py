"""The application for gunicorn and for ``flask --app wsgi``."""

from intake import create_app

app = create_app()
