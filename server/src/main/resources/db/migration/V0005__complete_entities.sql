-- what extra says of it, where a list can look for it
alter table clients add column is_first_party integer not null default 1;

update clients set is_first_party = 0 where extra like '%"is_first_party":false%';

-- public keys and certificates of clients; which of them a client uses stands in the client
create table client_credentials (
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

create index client_credentials_client_id on client_credentials (client_id);

-- whether scopes was ever sent: an empty list is shown, none is not
alter table resource_servers add column has_scopes integer not null default 0;

update resource_servers set has_scopes = 1 where id in (select resource_server_id from scopes);

-- a grant is one client's, or the default for a kind of clients, which Jeton keeps but never uses
create table client_grants_of_all (
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

insert into client_grants_of_all (id, client_id, resource_server_id, scope, allow_all_scopes, subject_type, extra,
                                  created_at_ms, updated_at_ms)
select id, client_id, resource_server_id, scope, 0, subject_type, extra, created_at_ms, updated_at_ms
  from client_grants;

drop table client_grants;

alter table client_grants_of_all rename to client_grants;

create index client_grants_resource_server_id on client_grants (resource_server_id);

-- configuration that is kept and given back: nothing is delivered
create table log_streams (
    id            text     not null primary key,
    name          text,
    type          text     not null,
    status        text     not null,
    is_priority   integer  not null,
    filters       text,
    pii_config    text,
    -- it has secrets
    sink          ${bytes} not null,
    created_at_ms bigint   not null,
    updated_at_ms bigint   not null
);
