"""Forms as data: what a call asks, how an answer is read, what is wrong with it, and who is told it.

Pure: knows neither Flask nor the database. ``definition`` says what a form is; ``standard`` makes the one of a call
without its own. A value is the JSON of one answer; ``values`` says what is kept for each kind of question.
"""
