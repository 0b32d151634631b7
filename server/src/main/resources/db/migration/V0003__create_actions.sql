-- what npm made of dependencies: each tree once, however many revisions need it
create table dependency_trees (
    -- SHA-256 of the content, in hexadecimal
    digest  text     not null primary key,
    content ${bytes} not null
);

-- what an Action was at one time: its draft and its versions name these, and none is ever changed
create table action_revisions (
    id              text not null primary key,
    trigger_id      text not null,
    trigger_version text not null,
    code            text not null,
    runtime         text not null,
    dependencies    text not null,
    -- null without any
    dependency_tree text references dependency_trees (digest),
    -- their names, and when each got its value
    secrets         text not null,
    -- null without any
    secret_values   ${bytes}
);

create index action_revisions_dependency_tree on action_revisions (dependency_tree);

create table actions (
    id            text   not null primary key,
    name          text   not null unique,
    draft_id      text   not null references action_revisions (id),
    created_at_ms bigint not null,
    updated_at_ms bigint not null
);

create index actions_draft_id on actions (draft_id);

create table action_versions (
    id            text    not null primary key,
    action_id     text    not null references actions (id) on delete cascade,
    number        integer not null,
    revision_id   text    not null references action_revisions (id),
    deployed      integer not null,
    created_at_ms bigint  not null,
    unique (action_id, number)
);

create index action_versions_revision_id on action_versions (revision_id);

-- at most one version of an Action is deployed
create unique index action_versions_deployed on action_versions (action_id) where deployed = 1;

create table action_bindings (
    id            text    not null primary key,
    trigger_id    text    not null,
    position      integer not null,
    action_id     text    not null unique references actions (id),
    display_name  text    not null,
    created_at_ms bigint  not null,
    updated_at_ms bigint  not null,
    unique (trigger_id, position)
);
