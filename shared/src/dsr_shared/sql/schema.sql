-- Rows of one controller are seen by transactions of this controller, and by those that say they cross controllers.
create function enforce_controller(target regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy own_controller on %s using ('
        'controller_id = (select current_setting(''app.controller_id'', true)) '
        'or (select current_setting(''app.controller_id'', true)) = ''*'')',
        target
    );
end
$$;

-- The application role may add rows, but neither change nor remove them. `app.role` is set while migrations run.
create function append_only(target regclass) returns void language plpgsql as $$
begin
    execute format('revoke update, delete, truncate on %s from %I', target, current_setting('app.role'));
end
$$;

-- What this service tells the others; the payload is the envelope, ready to be sent.
create table outbox (
    event_id uuid not null,
    controller_id text not null,
    topic text not null,
    case_id uuid not null,
    sequence bigint not null,
    event_type text not null,
    event_version integer not null,
    traceparent text,
    payload bytea not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    constraint outbox_pkey primary key (event_id),
    constraint outbox_sequence_key unique (controller_id, case_id, topic, sequence)
);
create index outbox_sent_at_idx on outbox (sent_at) where sent_at is not null;

-- One row for each case and topic written: its lock gives sequences, its lease lets one relay at a time send.
create table streams (
    controller_id text not null,
    case_id uuid not null,
    topic text not null,
    last_sequence bigint not null,
    sent_sequence bigint not null default 0,
    lease_token uuid,
    lease_until timestamptz,
    constraint streams_pkey primary key (controller_id, case_id, topic)
);
create index streams_unsent_idx on streams (lease_until nulls first) where last_sequence > sent_sequence;

-- Events that took effect here, remembered for 90 days.
create table inbox (
    event_id uuid not null,
    controller_id text not null,
    case_id uuid not null,
    topic text not null,
    sequence bigint not null,
    handled_at timestamptz not null default now(),
    constraint inbox_pkey primary key (event_id)
);
create index inbox_handled_at_idx on inbox (handled_at);

-- One row for each case and topic read: how far it was handled.
create table inbox_streams (
    controller_id text not null,
    case_id uuid not null,
    topic text not null,
    last_sequence bigint not null default 0,
    constraint inbox_streams_pkey primary key (controller_id, case_id, topic)
);

-- Events that wait: for an earlier one of their case and topic, or for something that failed for now.
create table parked_events (
    event_id uuid not null,
    controller_id text not null,
    case_id uuid not null,
    topic text not null,
    sequence bigint not null,
    partition integer not null,
    log_offset bigint not null,
    payload bytea not null,
    reason text not null,
    attempts integer not null default 0,
    parked_at timestamptz not null default now(),
    next_attempt_at timestamptz not null default now(),
    lease_token uuid,
    lease_until timestamptz,
    constraint parked_events_pkey primary key (event_id),
    constraint parked_events_reason_check check (reason in ('gap', 'transient'))
);
create index parked_events_stream_idx on parked_events (case_id, topic, sequence);
create index parked_events_next_attempt_at_idx on parked_events (next_attempt_at);

-- Events that this service cannot take; their bytes are sealed.
create table dead_letters (
    dead_letter_id uuid not null,
    controller_id text not null,
    case_id uuid not null,
    topic text not null,
    partition integer not null,
    log_offset bigint not null,
    event_id uuid,
    event_type text,
    sequence bigint,
    fingerprint bytea not null,
    reason text not null,
    detail text not null,
    state text not null default 'open',
    raw_sealed jsonb not null,
    failed_at timestamptz not null default now(),
    settled_at timestamptz,
    settled_because text,
    constraint dead_letters_pkey primary key (dead_letter_id),
    constraint dead_letters_fingerprint_key unique (controller_id, topic, fingerprint),
    constraint dead_letters_state_check check (state in ('open', 'replayed', 'discarded'))
);
create index dead_letters_stream_idx on dead_letters (case_id, topic);
create index dead_letters_event_id_idx on dead_letters (event_id);

-- Data keys, wrapped for this service.
create table case_keys (
    key_id uuid not null,
    controller_id text not null,
    case_id uuid not null,
    purpose text not null,
    ring_version integer not null,
    wrapped bytea not null,
    created_at timestamptz not null default now(),
    constraint case_keys_pkey primary key (key_id)
);
create index case_keys_case_idx on case_keys (case_id, purpose, created_at);

-- Cases whose keys were destroyed here; later events of theirs stay unread.
create table destroyed_cases (
    controller_id text not null,
    case_id uuid not null,
    destroyed_at timestamptz not null default now(),
    constraint destroyed_cases_pkey primary key (controller_id, case_id)
);

select enforce_controller('outbox');
select enforce_controller('streams');
select enforce_controller('inbox');
select enforce_controller('inbox_streams');
select enforce_controller('parked_events');
select enforce_controller('dead_letters');
select enforce_controller('case_keys');
select enforce_controller('destroyed_cases');
select append_only('destroyed_cases');
