from intake.views.gate import door
from intake.views.public import public
from intake.vocabulary import Action


@door(public, "/", Action.PUBLIC)
def home():
    return "public"
