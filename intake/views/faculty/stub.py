from intake.views.faculty import faculty
from intake.views.gate import door
from intake.vocabulary import Action


@door(faculty, "/proposals", Action.PUBLIC)
def proposals():
    return "faculty"


@door(faculty, "/calls/<code>/start", Action.SIGNED_IN, methods=["POST"])
def start(code):
    return "faculty"
