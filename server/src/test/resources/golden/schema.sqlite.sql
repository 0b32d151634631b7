CREATE TABLE action_bindings (
    id            text    not null primary key,
    trigger_id    text    not null,
    position      integer not null,
    action_id     text    not null unique references actions (id),
    display_name  text    not null,
    created_at_ms bigint  not null,
    updated_at_ms bigint  not null,
    unique (trigger_id, position)
);
CREATE TABLE action_revisions (
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
    secret_values   blob
);
CREATE INDEX action_revisions_dependency_tree on action_revisions (dependency_tree);
CREATE TABLE action_versions (
    id            text    not null primary key,
    action_id     text    not null references actions (id) on delete cascade,
    number        integer not null,
    revision_id   text    not null references action_revisions (id),
    deployed      integer not null,
    created_at_ms bigint  not null,
    unique (action_id, number)
);
CREATE UNIQUE INDEX action_versions_deployed on action_versions (action_id) where deployed = 1;
CREATE INDEX action_versions_revision_id on action_versions (revision_id);
CREATE TABLE actions (
    id            text   not null primary key,
    name          text   not null unique,
    draft_id      text   not null references action_revisions (id),
    created_at_ms bigint not null,
    updated_at_ms bigint not null
);
CREATE INDEX actions_draft_id on actions (draft_id);
CREATE TABLE administrators (
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
CREATE TABLE change_events (
    -- its place in the log, which no other change shares; at_ms is when it was made
    log_ms      bigint not null primary key,
    at_ms       bigint not null,
    type        text   not null,
    description text   not null,
    client_id   text,
    client_name text,
    ip          text   not null,
    user_agent  text,
    request_id  text   not null,
    details     text   not null
, user_id text, user_name text);
CREATE TABLE changes (
    sequence integer primary key autoincrement,
    entity   text not null,
    id       text not null
);
CREATE TABLE client_credentials (
    id            text   not null primary key,
    client_id     text   not null references clients (client_id) on delete cascade,
    -- public_key, cert_subject_dn or x509_cert
    type          text   not null,
    name          text,
    kid           text,
    alg           text,
    subject_dn    text,
    -- unpadded base64url: of an x509_cert that of the certificate, of a public_key that of the key (RFC 7638)
    thumbprint    text,
    pem           text,
    expires_at_ms bigint,
    created_at_ms bigint not null,
    updated_at_ms bigint not null
);
CREATE INDEX client_credentials_client_id on client_credentials (client_id);
CREATE TABLE "client_grants" (
    id                 text    not null primary key,
    client_id          text    references clients (client_id) on delete cascade,
    default_for        text,
    resource_server_id text    not null references resource_servers (id) on delete cascade,
    scope              text    not null,
    allow_all_scopes   integer not null default 0,
    subject_type       text    not null,
    extra              text    not null,
    created_at_ms      bigint  not null,
    updated_at_ms      bigint  not null,
    unique (client_id, resource_server_id, subject_type),
    unique (default_for, resource_server_id, subject_type),
    check ((client_id is null) <> (default_for is null))
);
CREATE INDEX client_grants_resource_server_id on client_grants (resource_server_id, id);
CREATE TABLE client_secrets (
    client_id     text    not null references clients (client_id) on delete cascade,
    secret_id     text    not null,
    digest        blob not null,
    -- null when secrets.reveal is off
    encrypted     blob,
    created_at_ms bigint  not null,
    primary key (client_id, secret_id)
);
CREATE TABLE clients (
    client_id                  text   not null primary key,
    name                       text   not null,
    description                text,
    app_type                   text,
    grant_types                text   not null,
    token_endpoint_auth_method text,
    client_metadata            text   not null,
    -- fields of Auth0's entity that Jeton keeps and gives back but does not act on
    extra                      text   not null,
    created_at_ms              bigint not null,
    updated_at_ms              bigint not null
, is_first_party integer not null default 1);
CREATE TABLE console_lines (
    sequence   integer primary key autoincrement,
    script_id  text   not null,
    at_ms      bigint not null,
    level      text   not null,
    text       text   not null,
    request_id text
);
CREATE INDEX console_lines_script_id on console_lines (script_id, sequence);
CREATE TABLE dependency_trees (
    -- SHA-256 of the content, in hexadecimal
    digest  text     not null primary key,
    content blob not null
);
CREATE TABLE hook_secrets (
    hook_id   text     not null references hooks (id) on delete cascade,
    name      text     not null,
    encrypted blob not null,
    primary key (hook_id, name)
);
CREATE TABLE hooks (
    id              text    not null primary key,
    name            text    not null unique,
    script          text    not null,
    dependencies    text    not null,
    -- what npm made of the dependencies; null without any
    dependency_tree blob,
    trigger_id      text    not null,
    enabled         integer not null,
    created_at_ms   bigint  not null,
    updated_at_ms   bigint  not null
);
CREATE UNIQUE INDEX hooks_enabled on hooks (trigger_id) where enabled = 1;
CREATE TABLE keysets (
    name      text not null primary key,
    encrypted blob not null
);
CREATE TABLE links (
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
CREATE INDEX links_administrator_id on links (administrator_id);
CREATE TABLE log_streams (
    id            text     not null primary key,
    name          text,
    type          text     not null,
    status        text     not null,
    is_priority   integer  not null,
    filters       text,
    pii_config    text,
    -- it has secrets
    sink          blob not null,
    created_at_ms bigint   not null,
    updated_at_ms bigint   not null
);
CREATE TABLE resource_servers (
    id               text    not null primary key,
    -- null for the system API, whose identifier follows from the issuer
    identifier       text unique,
    name             text,
    signing_alg      text    not null,
    signing_secret   blob,
    token_lifetime_s integer not null,
    token_dialect    text,
    is_system        integer not null,
    extra            text    not null,
    created_at_ms    bigint  not null,
    updated_at_ms    bigint  not null
, has_scopes integer not null default 0);
CREATE TABLE scopes (
    resource_server_id text    not null references resource_servers (id) on delete cascade,
    position           integer not null,
    value              text    not null,
    description        text,
    primary key (resource_server_id, value)
);
CREATE TABLE sessions (
    -- of the cookie's value
    digest           text   not null primary key,
    administrator_id text   not null references administrators (id) on delete cascade,
    started_at_ms    bigint not null,
    -- to the minute
    used_at_ms       bigint not null
);
CREATE INDEX sessions_administrator_id on sessions (administrator_id);
CREATE TABLE settings (
    name  text not null primary key,
    value text not null
);
CREATE TABLE signing_keys (
    kid              text   not null primary key,
    -- RS256 (an RSA key, which signs PS256 too), ES256 or EdDSA
    algorithm        text   not null,
    state            text   not null,
    private_key      blob not null,
    certificate      blob not null,
    created_at_ms    bigint not null,
    current_since_ms bigint,
    current_until_ms bigint,
    revoked_at_ms    bigint
);
CREATE TABLE usage (
    client_id          text   not null,
    resource_server_id text   not null,
    hour_ms            bigint not null,
    tokens             bigint not null,
    refusals           bigint not null,
    last_at_ms         bigint not null,
    primary key (client_id, resource_server_id, hour_ms)
);
CREATE INDEX usage_hour_ms_tokens on usage (hour_ms, tokens);
CREATE TABLE usage_counted (
    position bigint not null
);
CREATE TABLE usage_minutes (
    minute_ms bigint not null,
    -- why tokens were refused; empty where they were issued
    reason    text   not null,
    events    bigint not null,
    primary key (minute_ms, reason)
);
CREATE TABLE usage_of_apis (
    resource_server_id text   not null,
    hour_ms            bigint not null,
    tokens             bigint not null,
    refusals           bigint not null,
    last_at_ms         bigint not null,
    primary key (resource_server_id, hour_ms)
);
