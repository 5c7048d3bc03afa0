"""The application for gunicorn and for ``flask --app wsgi``."""

import sys

from intake import assignment_command

if assignment_command.is_asked(sys.argv):
    app = assignment_command.alone()
else:
    from intake.app import create_app

    app = create_app()
