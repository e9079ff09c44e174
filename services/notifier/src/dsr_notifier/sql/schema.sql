-- The notifier's tables as they stand after all migrations, beside those of the package dsr_shared.

-- Who sends: the public register of each controller, the newest version.
create table controllers (
    controller_id text not null,
    register_version integer not null,
    published jsonb not null,
    published_at timestamptz not null default now(),
    constraint controllers_pkey primary key (controller_id)
);

-- One row a letter. The content is sealed with the case's letter key and removed once the letter's fate is known.
create table letters (
    letter_id uuid not null,
    controller_id text not null,
    case_id uuid not null,
    event_id uuid not null,
    correlation_id uuid not null,
    traceparent text,
    kind text not null,
    language text not null,
    is_automatic boolean not null,
    content_sealed jsonb,
    state text not null,
    attempts integer not null default 0,
    requested_at timestamptz not null default now(),
    first_attempt_at timestamptz,
    next_attempt_at timestamptz default now(),
    is_waiting_for_server boolean not null default false,
    lease_token uuid,
    lease_until timestamptz,
    failure text,
    smtp_code integer,
    ended_at timestamptz,
    constraint letters_pkey primary key (letter_id),
    constraint letters_state_check
        check (state in ('requested', 'intended', 'unknown', 'repeating', 'accepted', 'failed')),
    constraint letters_ended_check check ((state in ('accepted', 'failed')) = (ended_at is not null)),
    constraint letters_leased_check check ((state in ('intended', 'repeating')) = (lease_token is not null)),
    constraint letters_content_check check (content_sealed is not null or ended_at is not null)
);
create index letters_due_idx on letters (next_attempt_at) where state in ('requested', 'unknown');
create index letters_leased_idx on letters (lease_until) where state in ('intended', 'repeating');
create index letters_case_idx on letters (case_id);

-- The intent, committed before the mail server is spoken to, and its outcome. The Message-ID is the idempotency key.
create table letter_attempts (
    letter_id uuid not null,
    number integer not null,
    controller_id text not null,
    message_id text not null,
    is_repeat boolean not null,
    intended_at timestamptz not null default now(),
    outcome text,
    smtp_code integer,
    ended_at timestamptz,
    constraint letter_attempts_pkey primary key (letter_id, number),
    constraint letter_attempts_letter_fkey foreign key (letter_id) references letters on delete cascade,
    constraint letter_attempts_outcome_check check (outcome in ('accepted', 'refused', 'try_later', 'unknown'))
);

-- Automatic letters to one address in one day (Europe/Helsinki), whichever controllers they come from; the address is
-- a keyed hash, and the rows are removed after two days.
create table daily_letters (
    address_hash text not null,
    day date not null,
    letters integer not null,
    constraint daily_letters_pkey primary key (address_hash, day)
);

select enforce_controller('controllers');
select enforce_controller('letters');
select enforce_controller('letter_attempts');
