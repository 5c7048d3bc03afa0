from intake.views.gate import door
from intake.views.reviewer import reviewer
from intake.vocabulary import Action


@door(reviewer, "/reviews", Action.PUBLIC)
def queue():
    return "reviewer"
