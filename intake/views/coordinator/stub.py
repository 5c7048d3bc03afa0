from intake.views.coordinator import coordinator
from intake.views.gate import door
from intake.vocabulary import Action


@door(coordinator, "/desk", Action.PUBLIC)
def desk():
    return "coordinator"
