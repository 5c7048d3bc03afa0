"""The rule on running projects, which needs to know the awards."""
