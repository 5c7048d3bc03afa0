from intake.views.administrator import administrator
from intake.views.gate import door
from intake.vocabulary import Action


@door(administrator, "/administration", Action.PUBLIC)
def overview():
    return "administrator"
