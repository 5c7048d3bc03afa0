"""Expertise from text: how near what a proposal asks is to what somebody knows, with the reasons.

Pure: it knows neither Flask nor the database. Rooms import what they need of it when they need it, because numpy and
scipy take a moment to load. ``texts`` says what is compared, ``scoring`` compares many with many, ``explaining`` tells
what made one score, ``blend`` holds the weights, ``importing`` reads lists of publications, and ``meaning`` (where its
packages are installed) adds a small language model.
"""
