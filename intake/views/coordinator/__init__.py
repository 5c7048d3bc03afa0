"""The coordinator's pages."""

from __future__ import annotations

from flask import Blueprint

coordinator = Blueprint("coordinator", __name__)

from intake.views.coordinator import (  # noqa: E402,F401
    call_basics,
    call_invitations,
    call_letters,
    call_new,
    call_parts,
    call_rubric,
    call_rules,
    call_settings,
    call_setup,
    call_themes,
    changes,
    conversation,
    deciding,
    desk,
    export,
    extensions,
    form_builder,
    form_builder_adding,
    form_builder_preview,
    form_builder_publishing,
    form_builder_questions,
    form_builder_removing,
    form_builder_sections,
    forwarding,
    handovers,
    listing,
    matching,
    next_stage,
    places,
    proposal,
    reviewers,
    screening,
    waivers,
)
