"""What is said of each part of a call's set-up: its state in a few words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from intake.call.letters import LETTERS
from intake.call.models import Call
from intake.call.setup import form_of
from intake.match.weights import differs, weights_of
from intake.proposal.checks import check_of
from intake.views.display import money, written


def basics(call: Call) -> str:
    """Money and months."""
    said = [str(money(call.max_award_minor, call.currency)) if call.max_award_minor else call.currency.value]
    if call.max_award_minor:
        said[0] = gettext("up to %(amount)s", amount=said[0])
    if call.duration_least and call.duration_least == call.duration_most:
        said.append(ngettext("%(num)s month", "%(num)s months", call.duration_least))
    elif call.duration_least:
        said.append(gettext("%(least)s to %(most)s months", least=call.duration_least, most=call.duration_most))
    if call.by_invitation:
        said.append(gettext("by invitation only"))
    return gettext(", ").join(said)


def dates(call: Call) -> str:
    """Opening and close, each in the zone that it is stated in."""
    if call.standing:
        return gettext("open all year")
    if call.opens_at is None or call.closes_at is None:
        return gettext("not set")
    zones = call.zones or {}
    return gettext(
        "opens %(opens)s, closes %(closes)s",
        opens=written(call.opens_at, zones.get("opens")),
        closes=written(call.closes_at, zones.get("closes")),
    )


def form(call: Call) -> str:
    """Which version is in force, and whether another is being worked on."""
    version = form_of(call)
    if version is None:
        return gettext("the standard form")
    draft = any(each.published_at is None for each in call.forms)
    if version.published_at is None:
        return gettext("being worked on, not published")
    said = gettext("version %(number)s", number=version.ordinal)
    return gettext("%(what)s; the next one is being worked on", what=said) if draft else said


def themes(call: Call) -> str:
    """How many can be chosen."""
    live = sum(theme.retired_at is None for theme in call.themes)
    said = ngettext("%(num)s theme", "%(num)s themes", live) if live else gettext("none: any subject")
    retired = len(call.themes) - live
    return said if not retired else gettext("%(what)s, %(retired)s retired", what=said, retired=retired)


def rules(call: Call) -> str:
    """How many, and how many of them are checked by the product."""
    if not call.rules:
        return gettext("none")
    checked = sum(check_of(rule) is not None for rule in call.rules)
    said = ngettext("%(num)s rule", "%(num)s rules", len(call.rules))
    return gettext("%(rules)s, %(checked)s of them checked by themselves", rules=said, checked=checked)


def rubric(call: Call) -> str:
    """How many criteria."""
    if not call.panel:
        return gettext("not used: no panel judges")
    return ngettext("%(num)s criterion", "%(num)s criteria", len(call.criteria)) if call.criteria else gettext("empty")


def phases(call: Call) -> str:
    """Who judges."""
    who = gettext("the office")
    if call.panel:
        who = ngettext("a panel with %(num)s review", "a panel with %(num)s reviews", call.reviews_needed)
    return (
        gettext("%(who)s, then the sponsor", who=who) if call.sponsor_decides else gettext("%(who)s decides", who=who)
    )


def letters(call: Call) -> str:
    """In how many letters the office has words of its own."""
    own = sum(bool((call.letters or {}).get(kind)) for kind in LETTERS)
    if not own:
        return gettext("the standard letters")
    return ngettext("own words in %(num)s letter", "own words in %(num)s letters", own)


def invitations(call: Call) -> str:
    """How many are invited, where that matters."""
    if not call.by_invitation:
        return gettext("not needed: open to all whom the rules allow")
    invited = sum(each.withdrawn_at is None for each in call.invitations)
    return ngettext("%(num)s invited", "%(num)s invited", invited) if invited else gettext("nobody invited yet")


def stage(call: Call, following: list[Call]) -> str:
    """What comes before and after."""
    said = [call.stage] if call.stage else []
    if call.follows is not None:
        said.append(gettext("follows %(code)s", code=call.follows.code))
    if following:
        said.append(gettext("%(codes)s comes next", codes=", ".join(each.code for each in following)))
    return gettext(", ").join(said) or gettext("one stage")


def places(call: Call) -> str:
    """How many the sponsor takes."""
    if call.slots is None:
        return gettext("any number")
    return ngettext("the sponsor takes %(num)s", "the sponsor takes %(num)s", call.slots)


def conflicts(call: Call) -> str:
    """How many levels are the call's own."""
    own = len(call.conflict_levels or {})
    said = ngettext("joint work counts for %(num)s year", "joint work counts for %(num)s years", call.conflict_years)
    if not own:
        return gettext("the usual levels; %(years)s", years=said)
    return gettext(
        "%(own)s; %(years)s", own=ngettext("%(num)s level of its own", "%(num)s levels of its own", own), years=said
    )


def weights(call: Call) -> str:
    """What each part of a score counts."""
    counted = weights_of(call)
    said = gettext(
        "texts %(text)s %%, themes %(themes)s %%, keywords %(keywords)s %%",
        text=counted["text"],
        themes=counted["themes"],
        keywords=counted["keywords"],
    )
    return gettext("%(what)s: differs from usual", what=said) if differs(call) else said


def lines(call: Call, following: list[Call]) -> dict[str, Any]:
    """The state of every part, by its name."""
    said = {each.__name__: each(call) for each in (basics, dates, form, themes, rules, rubric, phases, letters)}
    said |= {"invitations": invitations(call), "stage": stage(call, following), "places": places(call)}
    said["weights"] = weights(call)
    said["conflicts"] = conflicts(call)
    return said
