"""intake: calls as data, forms with versions, teams, rules, dates, slots, conversations

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

# Columns of tables that are there already, each as its type, what stands after it in the statement, and its check (name,
# condition). Plain ALTER TABLE, which both engines know: SQLite would lose the checks of a table that is made anew.
TEXT, NEEDED_TEXT = "VARCHAR(%s)", "NOT NULL DEFAULT ''"
NO, YES, NOTHING = "NOT NULL DEFAULT false", "NOT NULL DEFAULT true", "NOT NULL DEFAULT '{}'"
INSTANT, BOOLEAN, JSON, WHOLE, LARGE = "instant", "BOOLEAN", "JSON", "INTEGER", "BIGINT"


def _text(name, limit, checks=()):
    return name, TEXT % limit, NEEDED_TEXT, [(f"{name}_length", f"length({name}) <= {limit}"), *checks]


def _word(name, default, *words):
    listed = ", ".join(f"'{word}'" for word in words)
    return name, TEXT % 40, f"NOT NULL DEFAULT '{default}'", [(f"{name}_word", f"{name} IN ({listed})")]


def _refers(name, to, table):
    return name, WHOLE, f"CONSTRAINT fk_{table}_{name}_{to} REFERENCES {to} (id)", []


def _instant(name):
    return name, INSTANT, "", []


ADDED = {
    "person": [_text("orcid", 40), ("reminders", BOOLEAN, YES, [])],
    "programme": [("setup", JSON, NOTHING, [])],
    "call": [
        *map(_instant, ("notice_due_at", "check_by_at", "sponsor_deadline_at", "review_due_at", "decision_at")),
        ("zones", JSON, NOTHING, []),
        ("grace_minutes", WHOLE, "NOT NULL DEFAULT 0", [("grace_bound", "grace_minutes BETWEEN 0 AND 240")]),
        ("in_preparation", BOOLEAN, NO, []),
        _instant("sealed_until"),
        ("by_invitation", BOOLEAN, NO, []),
        ("slots", WHOLE, "", [("slots_bound", "slots BETWEEN 1 AND 500")]),
        ("follows_id", WHOLE, "CONSTRAINT fk_call_follows_id_call REFERENCES call (id)", [("follows_another", "follows_id <> id")]),
        _text("stage", 200),
        _text("summary", 5000),
        ("letters", JSON, NOTHING, []),
        ("team_confirms", BOOLEAN, NO, []),
    ],
    "theme": [_text("name_zh", 200), _instant("retired_at")],
    "rule": [_text("check_name", 40), ("facts", JSON, NOTHING, []), _word("level", "stop", "stop", "warn")],
    "proposal": [
        _refers("form_version_id", "form_version", "proposal"),
        ("answers", JSON, NOTHING, []),
        _refers("carried_from_id", "proposal", "proposal"),
        _instant("extended_until"),
    ],
    "team_member": [
        _text("orcid", 40),
        ("answer", TEXT % 40, "NOT NULL DEFAULT 'accepted'", [
            ("answer_word", "answer IN ('invited', 'accepted', 'declined')"),
            ("principal_accepted", "relation <> 'principal' OR answer = 'accepted'"),
        ]),
        ("token_hash", TEXT % 64, "", []),
        *map(_instant, ("invited_at", "answered_at", "confirmed_at")),
    ],
    "attachment": [
        _text("question", 40),
        _word("state", "clean", "checking", "clean", "refused"),
        _text("refused_reason", 300, [("refused_with_a_reason", "(state = 'refused') = (refused_reason <> '')")]),
        _instant("scan_lease_until"),
        _refers("replaces_id", "attachment", "attachment"),
    ],
    "receipt": [
        ("file_key", TEXT % 100, "", [("file_key_length", "length(file_key) <= 100")]),
        ("pdf_tries", WHOLE, "NOT NULL DEFAULT 0", []),
        _instant("pdf_lease_until"),
    ],
    "decision": [
        ("recommended_minor", LARGE, "", [("recommended_bound", "recommended_minor BETWEEN 1 AND 1000000000000")]),
    ],
}

CHECKING = {"sqlite_where": sa.text("state = 'checking'"), "postgresql_where": sa.text("state = 'checking'")}
INDEXED = [
    ("ix_call_follows_id", "call", ["follows_id"], {}),
    ("ix_proposal_form_version_id", "proposal", ["form_version_id"], {}),
    ("ix_proposal_carried_from_id", "proposal", ["carried_from_id"], {}),
    ("ix_attachment_checking", "attachment", ["id"], CHECKING),
    ("uq_team_member_token_hash", "team_member", ["token_hash"], {"unique": True}),
    ("uq_receipt_file_key", "receipt", ["file_key"], {"unique": True}),
]


STAYS = "a published form never changes"


def _guard_versions() -> None:
    """The database itself refuses to change or delete a published version of a form."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION form_version_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{STAYS}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER form_version_stays BEFORE UPDATE OR DELETE ON form_version "
            "FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION form_version_stays()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER form_version_no_{verb.lower()} BEFORE {verb} ON form_version "
            f"WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
        )


def upgrade() -> None:
    _new_tables()
    dialect = op.get_bind().dialect
    kinds = {INSTANT: sa.DateTime(timezone=True).compile(dialect=dialect)}
    for table, columns in ADDED.items():
        for name, kind, rest, checks in columns:
            tests = " ".join(f"CONSTRAINT ck_{table}_{test} CHECK ({condition})" for test, condition in checks)
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {name} {kinds.get(kind, kind)} {rest} {tests}')
    for name, table, columns, options in INDEXED:
        op.create_index(name, table, columns, **options)
    _guard_versions()


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXED):
        op.drop_index(name, table_name=table)
    for table, columns in reversed(ADDED.items()):
        for name, _, _, _ in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {name}')
    for table in ('posts_read', 'slot', 'reminder', 'presence', 'post', 'handover', 'endorsement', 'notice', 'waiver', 'form_version', 'extension', 'call_invitation', 'working_day'):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION form_version_stays()")


def _new_tables() -> None:
    op.create_table('working_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region', sa.Enum('HK', 'CN', name='region_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_working_day_name_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_day')),
    sa.UniqueConstraint('region', 'day', name=op.f('uq_working_day_region_day')),
    info={'limited': {'name'}}
    )
    op.create_table('call_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_call_invitation_email_lower_case')),
    sa.CheckConstraint('length(email) <= 254', name=op.f('ck_call_invitation_email_length')),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_call_invitation_note_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_invitation_call_id_call')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['person.id'], name=op.f('fk_call_invitation_invited_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_call_invitation_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_invitation')),
    info={'limited': {'note', 'email'}}
    )
    with op.batch_alter_table('call_invitation', schema=None) as batch_op:
        batch_op.create_index('ix_call_invitation_call_email', ['call_id', 'email'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_invitation_person_id'), ['person_id'], unique=False)

    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_extension_with_a_reason')),
    sa.CheckConstraint('length(reason) <= 2000', name=op.f('ck_extension_reason_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_extension_call_id_call')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['person.id'], name=op.f('fk_extension_granted_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_extension_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension')),
    info={'limited': {'reason'}}
    )
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extension_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_extension_standing', ['call_id', 'person_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('form_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_form_version_note_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_form_version_call_id_call')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_form_version_made_by_id_person')),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_form_version_published_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_version')),
    sa.UniqueConstraint('call_id', 'ordinal', name=op.f('uq_form_version_call_id_ordinal')),
    info={'limited': {'note'}}
    )
    with op.batch_alter_table('form_version', schema=None) as batch_op:
        batch_op.create_index('uq_form_version_unpublished', ['call_id'], unique=True, sqlite_where=sa.text('published_at IS NULL'), postgresql_where=sa.text('published_at IS NULL'))

    op.create_table('waiver',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('rule_code', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_waiver_with_a_reason')),
    sa.CheckConstraint('length(reason) <= 2000', name=op.f('ck_waiver_reason_length')),
    sa.CheckConstraint('length(rule_code) <= 40', name=op.f('ck_waiver_rule_code_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_waiver_call_id_call')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['person.id'], name=op.f('fk_waiver_granted_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_waiver_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiver')),
    info={'limited': {'rule_code', 'reason'}}
    )
    with op.batch_alter_table('waiver', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_waiver_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_waiver_standing', ['call_id', 'rule_code', 'person_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('about', sa.String(length=2000), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("title <> ''", name=op.f('ck_notice_with_a_title')),
    sa.CheckConstraint('length(about) <= 2000', name=op.f('ck_notice_about_length')),
    sa.CheckConstraint('length(title) <= 300', name=op.f('ck_notice_title_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_notice_call_id_call')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id_person')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_notice_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    info={'limited': {'title', 'about'}}
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_notice_standing', ['call_id', 'person_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('endorsement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('endorsed', sa.Boolean(), nullable=True),
    sa.Column('statement', sa.String(length=2000), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(answered_at IS NULL) = (endorsed IS NULL)', name=op.f('ck_endorsement_endorsed_when_answered')),
    sa.CheckConstraint('length(email) <= 254', name=op.f('ck_endorsement_email_length')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_endorsement_name_length')),
    sa.CheckConstraint('length(statement) <= 2000', name=op.f('ck_endorsement_statement_length')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_endorsement_asked_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_endorsement_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_endorsement')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_endorsement_token_hash')),
    info={'limited': {'statement', 'name', 'email'}}
    )
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_endorsement_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index('uq_endorsement_standing', ['proposal_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('to_person_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('approved', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_handover_with_a_reason')),
    sa.CheckConstraint('approved IS NULL OR answered_at IS NOT NULL', name=op.f('ck_handover_approved_when_answered')),
    sa.CheckConstraint('length(answer) <= 2000', name=op.f('ck_handover_answer_length')),
    sa.CheckConstraint('length(reason) <= 2000', name=op.f('ck_handover_reason_length')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_handover_answered_by_id_person')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_handover_asked_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_handover_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['to_person_id'], ['person.id'], name=op.f('fk_handover_to_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    info={'limited': {'answer', 'reason'}}
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index('uq_handover_pending', ['proposal_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('team', 'office', name='side_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.String(length=10000), nullable=False),
    sa.Column('file_key', sa.String(length=100), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_post_says_something')),
    sa.CheckConstraint('length(content_type) <= 100', name=op.f('ck_post_content_type_length')),
    sa.CheckConstraint('length(file_key) <= 100', name=op.f('ck_post_file_key_length')),
    sa.CheckConstraint('length(file_name) <= 200', name=op.f('ck_post_file_name_length')),
    sa.CheckConstraint('length(text) <= 10000', name=op.f('ck_post_text_length')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_post_by_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_post_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('file_key', name=op.f('uq_post_file_key')),
    info={'limited': {'content_type', 'file_name', 'text', 'file_key'}}
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('presence',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=40), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(section) <= 40', name=op.f('ck_presence_section_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_presence_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_presence_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'person_id', name=op.f('pk_presence')),
    info={'limited': {'section'}}
    )
    op.create_table('reminder',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_reminder_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'person_id', 'kind', 'closes_at', name=op.f('pk_reminder'))
    )
    op.create_table('slot',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Enum('slot', 'reserve', 'offered', 'released', name='place_word', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(place = 'offered') = (offered_until IS NOT NULL)", name=op.f('ck_slot_offered_until_when')),
    sa.CheckConstraint("place <> 'reserve' OR rank IS NOT NULL", name=op.f('ck_slot_reserve_has_a_rank')),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_slot_note_length')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_slot_call_id_call')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_slot_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_slot_set_by_id_person')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_slot')),
    info={'limited': {'note'}}
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slot_call_id'), ['call_id'], unique=False)

    op.create_table('posts_read',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_posts_read_person_id_person')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_posts_read_post_id_post')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_posts_read_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'person_id', name=op.f('pk_posts_read'))
    )
