create table hooks (
    id              text    not null primary key,
    name            text    not null unique,
    script          text    not null,
    dependencies    text    not null,
    -- what npm made of the dependencies; null without any
    dependency_tree ${bytes},
    trigger_id      text    not null,
    enabled         integer not null,
    created_at_ms   bigint  not null,
    updated_at_ms   bigint  not null
);

-- at most one Hook runs at a trigger
create unique index hooks_enabled on hooks (trigger_id) where enabled = 1;

create table hook_secrets (
    hook_id   text     not null references hooks (id) on delete cascade,
    name      text     not null,
    encrypted ${bytes} not null,
    primary key (hook_id, name)
);
