-- people who sign in to the dashboard
create table administrators (
    id              text   not null primary key,
    name            text   not null,
    -- the name without case
    name_key        text   not null unique,
    role            text   not null,
    -- Argon2id, in PHC's format
    password        text   not null,
    created_at_ms   bigint not null,
    updated_at_ms   bigint not null,
    signed_in_at_ms bigint
);

create table sessions (
    -- of the cookie's value
    digest           text   not null primary key,
    administrator_id text   not null references administrators (id) on delete cascade,
    started_at_ms    bigint not null,
    -- to the minute
    used_at_ms       bigint not null
);

create index sessions_administrator_id on sessions (administrator_id);

-- links that make an administrator, or a new password for one, once
create table links (
    -- of what stands behind the link's #
    digest           text   not null primary key,
    -- first, invitation or reset
    purpose          text   not null,
    -- what an administrator made by it becomes; null for a reset
    role             text,
    -- whose password is reset
    administrator_id text   references administrators (id) on delete cascade,
    -- the id of the administrator or client who asked for it; null for the first start's
    made_by          text,
    created_at_ms    bigint not null,
    -- null for the first start's, which are valid as long as there is no administrator
    expires_at_ms    bigint
);

create index links_administrator_id on links (administrator_id);

-- in place of client_id and client_name where an administrator made the change
alter table change_events add column user_id text;

alter table change_events add column user_name text;
