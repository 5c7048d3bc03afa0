"""Where a section or a question of a form goes when a button, or the mouse, moves it."""

from __future__ import annotations

from intake.form.building import move_question, move_section
from intake.form.definition import Form, Page
from intake.views.coordinator.form_builder_acting import layout_of

Layout = list[tuple[str, list[str]]]
_LAST = 10_000


def stepped(form: Form, way: str, what: str, key: str) -> Layout | None:
    """The form's layout with one ``section`` or ``question`` a step ``up`` or ``down``, a question also into the next
    section; None where it can go no further."""
    step = 1 if way == "down" else -1
    return _section_stepped(form, key, step) if what == "section" else _question_stepped(form, key, step)


def placed(form: Form, key: str, to: str) -> Layout | None:
    """The form's layout with a question at ``to``: a section's key and a place in it, such as ``summary:2``. None where
    there is no such thing."""
    section, _, place = to.partition(":")
    asking = {each.key for each in form.sections if each.page is Page.QUESTIONS}
    known = any(each.key == key for each in form.questions)
    if not known or section not in asking or not (place.isascii() and place.isdigit() and len(place) < 5):
        return None
    return _put(layout_of(form), key, section, int(place))


def rearranged(form: Form, what: str, key: str, layout: Layout) -> Form:
    """The form with one section or question where the layout has it. Raises BadForm."""
    if what == "section":
        return move_section(form, key, [name for name, _ in layout].index(key))
    section, keys = next((name, keys) for name, keys in layout if key in keys)
    return move_question(form, key, section, keys.index(key))


def _section_stepped(form: Form, key: str, step: int) -> Layout | None:
    layout = layout_of(form)
    at = next((number for number, (name, _) in enumerate(layout) if name == key), None)
    if at is None or not 0 <= at + step < len(layout):
        return None
    layout.insert(at + step, layout.pop(at))
    return layout


def _question_stepped(form: Form, key: str, step: int) -> Layout | None:
    layout = layout_of(form)
    at = next((number for number, (_, keys) in enumerate(layout) if key in keys), None)
    if at is None:
        return None
    section, keys = layout[at]
    place = keys.index(key) + step
    if 0 <= place < len(keys):
        return _put(layout, key, section, place)
    asking = [number for number, each in enumerate(form.sections) if each.page is Page.QUESTIONS]
    beyond = [number for number in asking[::step] if (number - at) * step > 0]
    return _put(layout, key, layout[beyond[0]][0], 0 if step > 0 else _LAST) if beyond else None


def _put(layout: Layout, key: str, section: str, place: int) -> Layout:
    for _, keys in layout:
        if key in keys:
            keys.remove(key)
    for name, keys in layout:
        if name == section:
            keys.insert(place, key)
    return layout
