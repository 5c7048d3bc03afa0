from intake.views.faculty import faculty
from intake.views.gate import door
from intake.vocabulary import Action


@door(faculty, "/proposals", Action.PUBLIC)
def proposals():
    return "faculty"
