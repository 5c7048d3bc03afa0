from intake.views.account import account
from intake.views.gate import door
from intake.vocabulary import Action


@door(account, "/sign-in", Action.PUBLIC)
def sign_in():
    return "account"
@door(account, "/sign-out", Action.SIGNED_IN, methods=["POST"])
def sign_out():
    return "x"
