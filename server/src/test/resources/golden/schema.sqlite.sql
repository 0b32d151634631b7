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
);
CREATE TABLE changes (
    sequence integer primary key autoincrement,
    entity   text not null,
    id       text not null
);
CREATE TABLE client_grants (
    id                 text   not null primary key,
    client_id          text   not null references clients (client_id) on delete cascade,
    resource_server_id text   not null references resource_servers (id) on delete cascade,
    scope              text   not null,
    subject_type       text   not null,
    extra              text   not null,
    created_at_ms      bigint not null,
    updated_at_ms      bigint not null,
    unique (client_id, resource_server_id, subject_type)
);
CREATE INDEX client_grants_resource_server_id on client_grants (resource_server_id);
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
);
CREATE TABLE scopes (
    resource_server_id text    not null references resource_servers (id) on delete cascade,
    position           integer not null,
    value              text    not null,
    description        text,
    primary key (resource_server_id, value)
);
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
CREATE INDEX usage_hour_ms on usage (hour_ms);
CREATE TABLE usage_counted (
    position bigint not null
);
