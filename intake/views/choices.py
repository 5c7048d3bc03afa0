"""The fields for choosing and ticking. ``views.fields`` gives them out together with those for typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

FILL_IN = lazy_gettext("Please fill this in.")


class _FromList:
    """What choosing shares: ``choices`` are pairs of value and label; an unknown value is refused in plain words."""

    flags: Any
    data: Any
    NOT_LISTED: ClassVar[Any] = lazy_gettext("Choose one from the list.")

    def __init__(
        self,
        label: Any = None,
        choices: Iterable[tuple[Any, Any]] = (),
        required: bool = True,
        blank: Any = None,
        **options: Any,
    ) -> None:
        self.blank = blank
        super().__init__(label, choices=[], **options)  # type: ignore[call-arg]
        self.flags.required = required
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set what may be chosen, in this order; ``blank``, if the field has one, goes on top as no choice."""
        on_top = [] if self.blank is None else [("", self.blank)]
        self.choices: Any = [(str(value), label) for value, label in (*on_top, *choices)]

    def _known(self, values: Sequence[str]) -> bool:
        return set(values) <= {value for value, _ in self.choices}


class _ChosenOne(_FromList):
    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, and nothing at all where a choice is needed."""
        self.data = self.data or None
        if self.data is None and self.flags.required:
            raise ValidationError(self.NOT_LISTED)
        if self.data is not None and not self._known([self.data]):
            self.data = None
            raise ValidationError(self.NOT_LISTED)


class Chosen(_ChosenOne, SelectField):
    """One out of a list that drops down; data is its value as text, or None."""


class Picked(_ChosenOne, RadioField):
    """One out of a short list with a button each; data is its value as text, or None."""


class Several(_FromList, SelectMultipleField):
    """Any of a list with a box each; data is a list of values as text, in the order sent, each once. ``when_none`` is
    said where nothing is chosen and something must be."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    when_none = ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, and nothing at all where a choice is needed."""
        self.data = list(dict.fromkeys(self.data or []))
        if not self._known(self.data):
            self.data = [value for value in self.data if self._known([value])]
            raise ValidationError(self.NOT_LISTED)
        if not self.data and self.flags.required:
            raise ValidationError(self.when_none or gettext("Choose at least one."))


class Declaration(BooleanField):
    """A box to tick; where ``must``, the form goes on only when it is ticked."""

    def __init__(self, label: Any = None, must: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.flags.required = must

    def pre_validate(self, form: Any) -> None:
        """Refuse an empty box that must be ticked."""
        if self.flags.required and not self.data:
            raise ValidationError(gettext("Tick this to go on."))
