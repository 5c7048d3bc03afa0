from intake.views.gate import door
from intake.views.sponsor import sponsor
from intake.vocabulary import Action


@door(sponsor, "/packets", Action.PUBLIC)
def packets():
    return "sponsor"
