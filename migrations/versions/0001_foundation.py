"""foundation

Revision: 0001, after 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


ONLY_GROWS = "the log only grows"


def _guard_log() -> None:
    """The database itself refuses to change or delete an event."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION event_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{ONLY_GROWS}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_only_grows()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event BEGIN SELECT RAISE(ABORT, '{ONLY_GROWS}'); END"
        )


def _unguard_log() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER event_only_grows ON event")
        op.execute("DROP FUNCTION event_only_grows()")
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER event_no_{verb.lower()}")


def upgrade() -> None:
    """Go up."""
    op.create_table('department',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_department_code_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_department_name_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('code', name=op.f('uq_department_code'))
    )
    op.create_table('event',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject_type', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('was', sa.String(length=200), nullable=False),
    sa.Column('became', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=10000), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('request_id', sa.String(length=40), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(action) <= 40', name=op.f('ck_event_action_length')),
    sa.CheckConstraint('length(became) <= 200', name=op.f('ck_event_became_length')),
    sa.CheckConstraint('length(note) <= 10000', name=op.f('ck_event_note_length')),
    sa.CheckConstraint('length(request_id) <= 40', name=op.f('ck_event_request_id_length')),
    sa.CheckConstraint('length(subject_type) <= 40', name=op.f('ck_event_subject_type_length')),
    sa.CheckConstraint('length(was) <= 200', name=op.f('ck_event_was_length')),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_event')),
    sa.UniqueConstraint('hash', name=op.f('uq_event_hash')),
    sa.UniqueConstraint('previous', name=op.f('uq_event_previous'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_event_subject', ['subject_type', 'subject_id'], unique=False)

    op.create_table('guess',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guess'))
    )
    with op.batch_alter_table('guess', schema=None) as batch_op:
        batch_op.create_index('ix_guess_recent', ['key_hash', 'at'], unique=False)

    op.create_table('history_milestone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('since', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.CheckConstraint('length(since) <= 40', name=op.f('ck_history_milestone_since_length')),
    sa.CheckConstraint('length(what) <= 300', name=op.f('ck_history_milestone_what_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_milestone')),
    sa.UniqueConstraint('since', 'what', name=op.f('uq_history_milestone_since_what'))
    )
    op.create_table('office',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short', sa.String(length=40), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('ror', sa.String(length=200), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_office_only_one')),
    sa.CheckConstraint('length(institution) <= 200', name=op.f('ck_office_institution_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_office_name_length')),
    sa.CheckConstraint('length(ror) <= 200', name=op.f('ck_office_ror_length')),
    sa.CheckConstraint('length(short) <= 40', name=op.f('ck_office_short_length')),
    sa.CheckConstraint('length(time_zone) <= 40', name=op.f('ck_office_time_zone_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office'))
    )
    op.create_table('sponsor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('units', sa.JSON(), nullable=False),
    sa.Column('email_domains', sa.JSON(), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_sponsor_code_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_sponsor_name_length')),
    sa.CheckConstraint('length(time_zone) <= 40', name=op.f('ck_sponsor_time_zone_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sponsor')),
    sa.UniqueConstraint('code', name=op.f('uq_sponsor_code'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('appointment', sa.Enum('full_time_faculty', 'part_time_faculty', 'research_scholar', 'phd_student', 'staff', 'outside', name='appointment_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('expertise', sa.String(length=5000), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_person_email_lower_case')),
    sa.CheckConstraint('length(email) <= 254', name=op.f('ck_person_email_length')),
    sa.CheckConstraint('length(expertise) <= 5000', name=op.f('ck_person_expertise_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_person_name_length')),
    sa.CheckConstraint('length(name_zh) <= 200', name=op.f('ck_person_name_zh_length')),
    sa.CheckConstraint('length(organisation) <= 200', name=op.f('ck_person_organisation_length')),
    sa.CheckConstraint('length(password_hash) <= 200', name=op.f('ck_person_password_hash_length')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_person_department_id_department')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_department_id'), ['department_id'], unique=False)

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('sponsor_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('research project', 'fellowship', 'internship', 'joint laboratory', 'standing intake', name='kind_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('for_whom', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=5000), nullable=False),
    sa.Column('enquiry', sa.String(length=200), nullable=False),
    sa.Column('by_invitation', sa.Boolean(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_programme_code_length')),
    sa.CheckConstraint('length(enquiry) <= 200', name=op.f('ck_programme_enquiry_length')),
    sa.CheckConstraint('length(for_whom) <= 200', name=op.f('ck_programme_for_whom_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_programme_name_length')),
    sa.CheckConstraint('length(purpose) <= 5000', name=op.f('ck_programme_purpose_length')),
    sa.ForeignKeyConstraint(['sponsor_id'], ['sponsor.id'], name=op.f('fk_programme_sponsor_id_sponsor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('code', name=op.f('uq_programme_code'))
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_sponsor_id'), ['sponsor_id'], unique=False)

    op.create_table('account_link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(purpose) <= 40', name=op.f('ck_account_link_purpose_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_link_person_id_person')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_account_link'))
    )
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_link_person_id'), ['person_id'], unique=False)

    op.create_table('call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('currency', sa.Enum('USD', 'CNY', 'HKD', 'EUR', 'GBP', name='currency_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('max_award_minor', sa.BigInteger(), nullable=True),
    sa.Column('max_award_source', sa.String(length=200), nullable=False),
    sa.Column('duration_least', sa.Integer(), nullable=True),
    sa.Column('duration_most', sa.Integer(), nullable=True),
    sa.Column('headings', sa.JSON(), nullable=False),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('team_may_edit', sa.Boolean(), nullable=False),
    sa.Column('panel', sa.Boolean(), nullable=False),
    sa.Column('reviews_needed', sa.Integer(), nullable=False),
    sa.Column('reads_others', sa.Enum('never', 'after_own', name='reads_others_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('applicants_named', sa.Boolean(), nullable=False),
    sa.Column('reviewers_named', sa.Boolean(), nullable=False),
    sa.Column('sponsor_decides', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(opens_at IS NULL) = (closes_at IS NULL)', name=op.f('ck_call_dates_together')),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_call_closes_after_opening')),
    sa.CheckConstraint('duration_least BETWEEN 1 AND duration_most', name=op.f('ck_call_duration_order')),
    sa.CheckConstraint('duration_most <= 120', name=op.f('ck_call_duration_bound')),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_call_code_length')),
    sa.CheckConstraint('length(max_award_source) <= 200', name=op.f('ck_call_max_award_source_length')),
    sa.CheckConstraint('length(title) <= 300', name=op.f('ck_call_title_length')),
    sa.CheckConstraint('max_award_minor BETWEEN 1 AND 1000000000000', name=op.f('ck_call_award_bound')),
    sa.CheckConstraint('reviews_needed BETWEEN 1 AND 20', name=op.f('ck_call_reviews_bound')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_call_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('code', name=op.f('uq_call_code'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_programme_id'), ['programme_id'], unique=False)

    op.create_table('once_key',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('location', sa.String(length=2000), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(location) <= 2000', name=op.f('ck_once_key_location_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_once_key_person_id_person')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_once_key'))
    )
    with op.batch_alter_table('once_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_once_key_used_at'), ['used_at'], unique=False)

    op.create_table('publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(title) <= 300', name=op.f('ck_publication_title_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_publication_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication'))
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id_person')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sign_in'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_person_id'), ['person_id'], unique=False)

    op.create_table('criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('question', sa.String(length=2000), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('anchors', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('least < most', name=op.f('ck_criterion_scale_order')),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_criterion_code_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_criterion_name_length')),
    sa.CheckConstraint('length(question) <= 2000', name=op.f('ck_criterion_question_length')),
    sa.CheckConstraint('weight BETWEEN 1 AND 100', name=op.f('ck_criterion_weight_percent')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_criterion_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion')),
    sa.UniqueConstraint('call_id', 'code', name=op.f('uq_criterion_call_id_code'))
    )
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('faculty', 'coordinator', 'reviewer', 'sponsor_contact', 'administrator', name='role_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('sponsor_id', sa.Integer(), nullable=True),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role = 'coordinator' AND (programme_id IS NULL) <> (call_id IS NULL) AND sponsor_id IS NULL) OR (role = 'sponsor_contact' AND sponsor_id IS NOT NULL AND programme_id IS NULL AND call_id IS NULL) OR (role IN ('faculty', 'reviewer', 'administrator') AND sponsor_id IS NULL AND programme_id IS NULL AND call_id IS NULL)", name=op.f('ck_role_grant_scope_fits_role')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_role_grant_call_id_call')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['person.id'], name=op.f('fk_role_grant_granted_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_role_grant_programme_id_programme')),
    sa.ForeignKeyConstraint(['sponsor_id'], ['sponsor.id'], name=op.f('fk_role_grant_sponsor_id_sponsor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_person_id'), ['person_id'], unique=False)

    op.create_table('rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(code) <= 40', name=op.f('ck_rule_code_length')),
    sa.CheckConstraint('length(source) <= 300', name=op.f('ck_rule_source_length')),
    sa.CheckConstraint('length(text) <= 2000', name=op.f('ck_rule_text_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_rule_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule')),
    sa.UniqueConstraint('call_id', 'code', name=op.f('uq_rule_call_id_code'))
    )
    op.create_table('theme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_theme_name_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_theme_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme')),
    sa.UniqueConstraint('call_id', 'name', name=op.f('uq_theme_call_id_name'))
    )
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('state', sa.Enum('draft', 'submitted', 'returned', 'ineligible', 'eligible', 'matched', 'in_review', 'decided', 'selected', 'with_sponsor', 'reserve', 'awarded', 'declined', 'withdrawn', name='state_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('abstract', sa.String(length=5000), nullable=False),
    sa.Column('keywords', sa.String(length=500), nullable=False),
    sa.Column('description', sa.String(length=60000), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('duration_months', sa.Integer(), nullable=True),
    sa.Column('nothing_confidential', sa.Boolean(), nullable=False),
    sa.Column('own_work', sa.Boolean(), nullable=False),
    sa.Column('one_university', sa.Boolean(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_parts', sa.JSON(), nullable=False),
    sa.Column('returned_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_reason', sa.String(length=2000), nullable=False),
    sa.Column('ineligible_rule', sa.String(length=40), nullable=False),
    sa.Column('withdrawn_from', sa.Enum('draft', 'submitted', 'returned', 'ineligible', 'eligible', 'matched', 'in_review', 'decided', 'selected', 'with_sponsor', 'reserve', 'awarded', 'declined', 'withdrawn', name='withdrawn_from_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'ineligible') = (ineligible_rule <> '')", name=op.f('ck_proposal_ineligible_by_a_rule')),
    sa.CheckConstraint("(state = 'returned') = (returned_until IS NOT NULL)", name=op.f('ck_proposal_returned_until_when')),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_from IS NOT NULL)", name=op.f('ck_proposal_withdrawn_from_somewhere')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR number IS NOT NULL", name=op.f('ck_proposal_received_has_a_number')),
    sa.CheckConstraint('(number IS NULL) = (submitted_at IS NULL)', name=op.f('ck_proposal_number_when_submitted')),
    sa.CheckConstraint('amount_minor BETWEEN 0 AND 1000000000000', name=op.f('ck_proposal_amount_bound')),
    sa.CheckConstraint('duration_months BETWEEN 1 AND 120', name=op.f('ck_proposal_duration_bound')),
    sa.CheckConstraint('length(abstract) <= 5000', name=op.f('ck_proposal_abstract_length')),
    sa.CheckConstraint('length(description) <= 60000', name=op.f('ck_proposal_description_length')),
    sa.CheckConstraint('length(ineligible_rule) <= 40', name=op.f('ck_proposal_ineligible_rule_length')),
    sa.CheckConstraint('length(keywords) <= 500', name=op.f('ck_proposal_keywords_length')),
    sa.CheckConstraint('length(number) <= 40', name=op.f('ck_proposal_number_length')),
    sa.CheckConstraint('length(returned_reason) <= 2000', name=op.f('ck_proposal_returned_reason_length')),
    sa.CheckConstraint('length(title) <= 300', name=op.f('ck_proposal_title_length')),
    sa.CheckConstraint('length(title_zh) <= 300', name=op.f('ck_proposal_title_zh_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_proposal_call_id_call')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_proposal_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('number', name=op.f('uq_proposal_number'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_call_since', ['call_id', 'state_since', 'id'], unique=False)
        batch_op.create_index('ix_proposal_call_state', ['call_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_theme_id'), ['theme_id'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Boolean(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('override_reason', sa.String(length=2000), nullable=False),
    sa.Column('assigned_by_id', sa.Integer(), nullable=True),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('nudged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name=op.f('ck_assignment_removed_with_a_reason')),
    sa.CheckConstraint('length(override_reason) <= 2000', name=op.f('ck_assignment_override_reason_length')),
    sa.CheckConstraint('length(removed_reason) <= 2000', name=op.f('ck_assignment_removed_reason_length')),
    sa.ForeignKeyConstraint(['assigned_by_id'], ['person.id'], name=op.f('fk_assignment_assigned_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_assignment_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_assignment_reviewer_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_reviewer_id'), ['reviewer_id'], unique=False)
        batch_op.create_index('uq_assignment_lead', ['proposal_id'], unique=True, sqlite_where=sa.text('lead AND removed_at IS NULL'), postgresql_where=sa.text('lead AND removed_at IS NULL'))
        batch_op.create_index('uq_assignment_standing', ['proposal_id', 'reviewer_id'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_key', sa.String(length=100), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(content_type) <= 100', name=op.f('ck_attachment_content_type_length')),
    sa.CheckConstraint('length(file_key) <= 100', name=op.f('ck_attachment_file_key_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_attachment_name_length')),
    sa.CheckConstraint('size BETWEEN 1 AND 10485760', name=op.f('ck_attachment_size_bound')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_attachment_added_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_attachment_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('file_key', name=op.f('uq_attachment_file_key'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('award',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('departments', sa.JSON(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Enum('USD', 'CNY', 'HKD', 'EUR', 'GBP', name='currency_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('reference', sa.String(length=100), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(amount_minor IS NULL) = (currency IS NULL)', name=op.f('ck_award_amount_has_a_currency')),
    sa.CheckConstraint('length(reference) <= 100', name=op.f('ck_award_reference_length')),
    sa.CheckConstraint('length(source) <= 300', name=op.f('ck_award_source_length')),
    sa.CheckConstraint('length(title) <= 300', name=op.f('ck_award_title_length')),
    sa.CheckConstraint('year BETWEEN 1990 AND 2100', name=op.f('ck_award_year_bound')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_award_call_id_call')),
    sa.ForeignKeyConstraint(['principal_id'], ['person.id'], name=op.f('fk_award_principal_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_award_programme_id_programme')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_award_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('proposal_id', name=op.f('uq_award_proposal_id'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_principal_id'), ['principal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_programme_id'), ['programme_id'], unique=False)
        batch_op.create_index('uq_award_past', ['programme_id', 'title', 'year'], unique=True, sqlite_where=sa.text('proposal_id IS NULL'), postgresql_where=sa.text('proposal_id IS NULL'))

    op.create_table('conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('declared', sa.Enum('unknown', 'none', 'conflict', name='declared_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('kind', sa.Enum('team', 'department', 'supervision', 'joint_work', 'personal', 'financial', 'other', name='kind_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.Column('lifted_reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("(declared = 'conflict') = (kind IS NOT NULL)", name=op.f('ck_conflict_conflict_has_a_kind')),
    sa.CheckConstraint("(lifted_at IS NULL) = (lifted_reason = '')", name=op.f('ck_conflict_lifted_with_a_reason')),
    sa.CheckConstraint("declared <> 'unknown'", name=op.f('ck_conflict_unknown_has_no_row')),
    sa.CheckConstraint('length(lifted_reason) <= 2000', name=op.f('ck_conflict_lifted_reason_length')),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_conflict_note_length')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['person.id'], name=op.f('fk_conflict_lifted_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conflict_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_conflict_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict')),
    sa.UniqueConstraint('proposal_id', 'person_id', name=op.f('uq_conflict_proposal_id_person_id'))
    )
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_person_id'), ['person_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.Enum('select', 'reserve', 'revise', 'decline', name='verdict_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rationale', sa.String(length=10000), nullable=False),
    sa.Column('feedback', sa.String(length=10000), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by_id', sa.Integer(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("(reopened_at IS NULL) = (reopened_reason = '')", name=op.f('ck_decision_reopened_with_a_reason')),
    sa.CheckConstraint('length(feedback) <= 10000', name=op.f('ck_decision_feedback_length')),
    sa.CheckConstraint('length(rationale) <= 10000', name=op.f('ck_decision_rationale_length')),
    sa.CheckConstraint('length(reopened_reason) <= 2000', name=op.f('ck_decision_reopened_reason_length')),
    sa.CheckConstraint('reopened_at IS NULL OR released_at IS NULL', name=op.f('ck_decision_released_is_not_reopened')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_decision_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_decision_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['released_by_id'], ['person.id'], name=op.f('fk_decision_released_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_decision_pending', ['proposal_id'], unique=True, sqlite_where=sa.text('reopened_at IS NULL AND released_at IS NULL'), postgresql_where=sa.text('reopened_at IS NULL AND released_at IS NULL'))

    op.create_table('match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("(undone_at IS NULL) = (undone_reason = '')", name=op.f('ck_match_undone_with_a_reason')),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_match_note_length')),
    sa.CheckConstraint('length(undone_reason) <= 2000', name=op.f('ck_match_undone_reason_length')),
    sa.ForeignKeyConstraint(['contact_id'], ['person.id'], name=op.f('fk_match_contact_id_person')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_match_made_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_match_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_match_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match'))
    )
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_match_theme_id'), ['theme_id'], unique=False)
        batch_op.create_index('uq_match_standing', ['proposal_id'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('to_person_id', sa.Integer(), nullable=True),
    sa.Column('to_address', sa.String(length=254), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body_text', sa.String(length=60000), nullable=False),
    sa.Column('body_html', sa.String(length=120000), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('secret', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'failed', name='state_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name=op.f('ck_message_sending_has_a_lease')),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_message_sent_has_an_instant')),
    sa.CheckConstraint('length(body_html) <= 120000', name=op.f('ck_message_body_html_length')),
    sa.CheckConstraint('length(body_text) <= 60000', name=op.f('ck_message_body_text_length')),
    sa.CheckConstraint('length(kind) <= 40', name=op.f('ck_message_kind_length')),
    sa.CheckConstraint('length(last_error) <= 2000', name=op.f('ck_message_last_error_length')),
    sa.CheckConstraint('length(subject) <= 300', name=op.f('ck_message_subject_length')),
    sa.CheckConstraint('length(to_address) <= 254', name=op.f('ck_message_to_address_length')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_message_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['to_person_id'], ['person.id'], name=op.f('fk_message_to_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('message_id', name=op.f('uq_message_message_id'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_due', ['state', 'not_before'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_to_person_id'), ['to_person_id'], unique=False)

    op.create_table('move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('was', sa.Enum('draft', 'submitted', 'returned', 'ineligible', 'eligible', 'matched', 'in_review', 'decided', 'selected', 'with_sponsor', 'reserve', 'awarded', 'declined', 'withdrawn', name='was_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('became', sa.Enum('draft', 'submitted', 'returned', 'ineligible', 'eligible', 'matched', 'in_review', 'decided', 'selected', 'with_sponsor', 'reserve', 'awarded', 'declined', 'withdrawn', name='became_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=10000), nullable=False),
    sa.Column('told', sa.String(length=10000), nullable=False),
    sa.CheckConstraint('length(action) <= 40', name=op.f('ck_move_action_length')),
    sa.CheckConstraint('length(note) <= 10000', name=op.f('ck_move_note_length')),
    sa.CheckConstraint('length(told) <= 10000', name=op.f('ck_move_told_length')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_move_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_move_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_move'))
    )
    with op.batch_alter_table('move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_move_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_receipt_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_receipt_submitted_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('proposal_id', 'ordinal', name=op.f('uq_receipt_proposal_id_ordinal'))
    )
    op.create_table('sponsor_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('result', sa.Enum('selected', 'reserve', 'declined', name='result_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Enum('USD', 'CNY', 'HKD', 'EUR', 'GBP', name='currency_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('reference', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(result = 'selected') = (amount_minor IS NOT NULL)", name=op.f('ck_sponsor_outcome_selected_has_an_amount')),
    sa.CheckConstraint("result <> 'declined' OR reason <> ''", name=op.f('ck_sponsor_outcome_declined_with_a_reason')),
    sa.CheckConstraint('(amount_minor IS NULL) = (currency IS NULL)', name=op.f('ck_sponsor_outcome_amount_has_a_currency')),
    sa.CheckConstraint('amount_minor BETWEEN 1 AND 1000000000000', name=op.f('ck_sponsor_outcome_amount_bound')),
    sa.CheckConstraint('length(reason) <= 2000', name=op.f('ck_sponsor_outcome_reason_length')),
    sa.CheckConstraint('length(reference) <= 100', name=op.f('ck_sponsor_outcome_reference_length')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_sponsor_outcome_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_sponsor_outcome_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sponsor_outcome'))
    )
    with op.batch_alter_table('sponsor_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sponsor_outcome_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('team_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('relation', sa.Enum('principal', 'co_investigator', 'assistant', 'viewer', name='relation_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("relation <> 'principal' OR person_id IS NOT NULL", name=op.f('ck_team_member_principal_has_an_account')),
    sa.CheckConstraint('length(email) <= 254', name=op.f('ck_team_member_email_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_team_member_name_length')),
    sa.CheckConstraint('length(organisation) <= 200', name=op.f('ck_team_member_organisation_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_team_member_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_member')),
    sa.UniqueConstraint('proposal_id', 'person_id', name=op.f('uq_team_member_proposal_id_person_id'))
    )
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_member_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_member_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_team_member_principal', ['proposal_id'], unique=True, sqlite_where=sa.text("relation = 'principal'"), postgresql_where=sa.text("relation = 'principal'"))

    op.create_table('packet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('receipt_id', sa.Integer(), nullable=False),
    sa.Column('sponsor_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('manifest', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('built_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('built_by_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recalled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recalled_reason', sa.String(length=2000), nullable=False),
    sa.Column('interest', sa.Enum('interested', 'wants_to_talk', 'not_interested', name='interest_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('interest_note', sa.String(length=2000), nullable=False),
    sa.Column('interest_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(recalled_at IS NULL) = (recalled_reason = '')", name=op.f('ck_packet_recalled_with_a_reason')),
    sa.CheckConstraint('(interest IS NULL) = (interest_at IS NULL)', name=op.f('ck_packet_interest_has_an_instant')),
    sa.CheckConstraint('length(interest_note) <= 2000', name=op.f('ck_packet_interest_note_length')),
    sa.CheckConstraint('length(recalled_reason) <= 2000', name=op.f('ck_packet_recalled_reason_length')),
    sa.CheckConstraint('recalled_at IS NULL OR sent_at IS NOT NULL', name=op.f('ck_packet_recalled_was_sent')),
    sa.ForeignKeyConstraint(['built_by_id'], ['person.id'], name=op.f('fk_packet_built_by_id_person')),
    sa.ForeignKeyConstraint(['contact_id'], ['person.id'], name=op.f('fk_packet_contact_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_packet_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipt.id'], name=op.f('fk_packet_receipt_id_receipt')),
    sa.ForeignKeyConstraint(['sponsor_id'], ['sponsor.id'], name=op.f('fk_packet_sponsor_id_sponsor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_packet')),
    sa.UniqueConstraint('proposal_id', 'ordinal', name=op.f('uq_packet_proposal_id_ordinal'))
    )
    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_packet_sponsor_id'), ['sponsor_id'], unique=False)
        batch_op.create_index('uq_packet_with_sponsor', ['proposal_id'], unique=True, sqlite_where=sa.text('sent_at IS NOT NULL AND recalled_at IS NULL'), postgresql_where=sa.text('sent_at IS NOT NULL AND recalled_at IS NULL'))

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', name='state_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('recommendation', sa.Enum('forward', 'reserve', 'revise', 'decline', name='recommendation_word', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('for_applicant', sa.String(length=10000), nullable=False),
    sa.Column('for_office', sa.String(length=10000), nullable=False),
    sa.Column('overall', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'submitted') = (overall IS NOT NULL)", name=op.f('ck_review_submitted_has_a_score')),
    sa.CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f('ck_review_submitted_has_an_instant')),
    sa.CheckConstraint("state = 'draft' OR recommendation IS NOT NULL", name=op.f('ck_review_submitted_recommends')),
    sa.CheckConstraint('length(for_applicant) <= 10000', name=op.f('ck_review_for_applicant_length')),
    sa.CheckConstraint('length(for_office) <= 10000', name=op.f('ck_review_for_office_length')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_review_assignment_id_assignment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('assignment_id', name=op.f('uq_review_assignment_id'))
    )
    op.create_table('packet_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('packet_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_key', sa.String(length=100), nullable=False),
    sa.CheckConstraint('length(content_type) <= 100', name=op.f('ck_packet_file_content_type_length')),
    sa.CheckConstraint('length(file_key) <= 100', name=op.f('ck_packet_file_file_key_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_packet_file_name_length')),
    sa.ForeignKeyConstraint(['packet_id'], ['packet.id'], name=op.f('fk_packet_file_packet_id_packet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_packet_file')),
    sa.UniqueConstraint('packet_id', 'name', name=op.f('uq_packet_file_packet_id_name'))
    )
    with op.batch_alter_table('packet_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_packet_file_packet_id'), ['packet_id'], unique=False)

    op.create_table('score',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_score_criterion_id_criterion')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_score_review_id_review')),
    sa.PrimaryKeyConstraint('review_id', 'criterion_id', name=op.f('pk_score'))
    )
    op.create_index(
        "uq_role_grant_standing",
        "role_grant",
        ["person_id", "role", sa.text("coalesce(programme_id, 0)"), sa.text("coalesce(call_id, 0)"), sa.text("coalesce(sponsor_id, 0)")],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    _guard_log()


def downgrade() -> None:
    """Go back down."""
    _unguard_log()
    op.drop_table('score')
    with op.batch_alter_table('packet_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_packet_file_packet_id'))

    op.drop_table('packet_file')
    op.drop_table('review')
    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.drop_index('uq_packet_with_sponsor', sqlite_where=sa.text('sent_at IS NOT NULL AND recalled_at IS NULL'), postgresql_where=sa.text('sent_at IS NOT NULL AND recalled_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_packet_sponsor_id'))

    op.drop_table('packet')
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.drop_index('uq_team_member_principal', sqlite_where=sa.text("relation = 'principal'"), postgresql_where=sa.text("relation = 'principal'"))
        batch_op.drop_index(batch_op.f('ix_team_member_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_team_member_person_id'))

    op.drop_table('team_member')
    with op.batch_alter_table('sponsor_outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sponsor_outcome_proposal_id'))

    op.drop_table('sponsor_outcome')
    op.drop_table('receipt')
    with op.batch_alter_table('move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_move_proposal_id'))

    op.drop_table('move')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_to_person_id'))
        batch_op.drop_index(batch_op.f('ix_message_proposal_id'))
        batch_op.drop_index('ix_message_due')

    op.drop_table('message')
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_index('uq_match_standing', sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_match_theme_id'))
        batch_op.drop_index(batch_op.f('ix_match_contact_id'))

    op.drop_table('match')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index('uq_decision_pending', sqlite_where=sa.text('reopened_at IS NULL AND released_at IS NULL'), postgresql_where=sa.text('reopened_at IS NULL AND released_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_decision_proposal_id'))

    op.drop_table('decision')
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_person_id'))

    op.drop_table('conflict')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index('uq_award_past', sqlite_where=sa.text('proposal_id IS NULL'), postgresql_where=sa.text('proposal_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_award_programme_id'))
        batch_op.drop_index(batch_op.f('ix_award_principal_id'))

    op.drop_table('award')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_proposal_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('uq_assignment_standing', sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))
        batch_op.drop_index('uq_assignment_lead', sqlite_where=sa.text('lead AND removed_at IS NULL'), postgresql_where=sa.text('lead AND removed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_assignment_reviewer_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_proposal_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_theme_id'))
        batch_op.drop_index('ix_proposal_call_state')
        batch_op.drop_index('ix_proposal_call_since')

    op.drop_table('proposal')
    op.drop_table('theme')
    op.drop_table('rule')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_grant_person_id'))

    op.drop_table('role_grant')
    op.drop_table('criterion')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_person_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_person_id'))

    op.drop_table('publication')
    with op.batch_alter_table('once_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_once_key_used_at'))

    op.drop_table('once_key')
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_programme_id'))

    op.drop_table('call')
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_link_person_id'))

    op.drop_table('account_link')
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_sponsor_id'))

    op.drop_table('programme')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_department_id'))

    op.drop_table('person')
    op.drop_table('sponsor')
    op.drop_table('office')
    op.drop_table('history_milestone')
    with op.batch_alter_table('guess', schema=None) as batch_op:
        batch_op.drop_index('ix_guess_recent')

    op.drop_table('guess')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')
        batch_op.drop_index(batch_op.f('ix_event_actor_id'))

    op.drop_table('event')
    op.drop_table('department')
