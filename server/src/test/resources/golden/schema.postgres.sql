action_bindings.id text not null
action_bindings.trigger_id text not null
action_bindings.position integer not null
action_bindings.action_id text not null
action_bindings.display_name text not null
action_bindings.created_at_ms bigint not null
action_bindings.updated_at_ms bigint not null
action_bindings: action_bindings_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(id)
action_bindings: action_bindings_action_id_key UNIQUE (action_id)
action_bindings: action_bindings_pkey PRIMARY KEY (id)
action_bindings: action_bindings_trigger_id_position_key UNIQUE (trigger_id, "position")
action_bindings: CREATE UNIQUE INDEX action_bindings_action_id_key ON public.action_bindings USING btree (action_id)
action_bindings: CREATE UNIQUE INDEX action_bindings_pkey ON public.action_bindings USING btree (id)
action_bindings: CREATE UNIQUE INDEX action_bindings_trigger_id_position_key ON public.action_bindings USING btree (trigger_id, "position")
action_revisions.id text not null
action_revisions.trigger_id text not null
action_revisions.trigger_version text not null
action_revisions.code text not null
action_revisions.runtime text not null
action_revisions.dependencies text not null
action_revisions.dependency_tree text
action_revisions.secrets text not null
action_revisions.secret_values bytea
action_revisions: action_revisions_dependency_tree_fkey FOREIGN KEY (dependency_tree) REFERENCES dependency_trees(digest)
action_revisions: action_revisions_pkey PRIMARY KEY (id)
action_revisions: CREATE INDEX action_revisions_dependency_tree ON public.action_revisions USING btree (dependency_tree)
action_revisions: CREATE UNIQUE INDEX action_revisions_pkey ON public.action_revisions USING btree (id)
action_versions.id text not null
action_versions.action_id text not null
action_versions.number integer not null
action_versions.revision_id text not null
action_versions.deployed integer not null
action_versions.created_at_ms bigint not null
action_versions: action_versions_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(id) ON DELETE CASCADE
action_versions: action_versions_action_id_number_key UNIQUE (action_id, number)
action_versions: action_versions_pkey PRIMARY KEY (id)
action_versions: action_versions_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES action_revisions(id)
action_versions: CREATE INDEX action_versions_revision_id ON public.action_versions USING btree (revision_id)
action_versions: CREATE UNIQUE INDEX action_versions_action_id_number_key ON public.action_versions USING btree (action_id, number)
action_versions: CREATE UNIQUE INDEX action_versions_deployed ON public.action_versions USING btree (action_id) WHERE (deployed = 1)
action_versions: CREATE UNIQUE INDEX action_versions_pkey ON public.action_versions USING btree (id)
actions.id text not null
actions.name text not null
actions.draft_id text not null
actions.created_at_ms bigint not null
actions.updated_at_ms bigint not null
actions: actions_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES action_revisions(id)
actions: actions_name_key UNIQUE (name)
actions: actions_pkey PRIMARY KEY (id)
actions: CREATE INDEX actions_draft_id ON public.actions USING btree (draft_id)
actions: CREATE UNIQUE INDEX actions_name_key ON public.actions USING btree (name)
actions: CREATE UNIQUE INDEX actions_pkey ON public.actions USING btree (id)
administrators.id text not null
administrators.name text not null
administrators.name_key text not null
administrators.role text not null
administrators.password text not null
administrators.created_at_ms bigint not null
administrators.updated_at_ms bigint not null
administrators.signed_in_at_ms bigint
administrators: administrators_name_key_key UNIQUE (name_key)
administrators: administrators_pkey PRIMARY KEY (id)
administrators: CREATE UNIQUE INDEX administrators_name_key_key ON public.administrators USING btree (name_key)
administrators: CREATE UNIQUE INDEX administrators_pkey ON public.administrators USING btree (id)
change_events.log_ms bigint not null
change_events.at_ms bigint not null
change_events.type text not null
change_events.description text not null
change_events.client_id text
change_events.client_name text
change_events.ip text not null
change_events.user_agent text
change_events.request_id text not null
change_events.details text not null
change_events.user_id text
change_events.user_name text
change_events: change_events_pkey PRIMARY KEY (log_ms)
change_events: CREATE UNIQUE INDEX change_events_pkey ON public.change_events USING btree (log_ms)
changes.sequence bigint not null generated always
changes.entity text not null
changes.id text not null
changes: changes_pkey PRIMARY KEY (sequence)
changes: CREATE UNIQUE INDEX changes_pkey ON public.changes USING btree (sequence)
client_credentials.id text not null
client_credentials.client_id text not null
client_credentials.type text not null
client_credentials.name text
client_credentials.kid text
client_credentials.alg text
client_credentials.subject_dn text
client_credentials.thumbprint text
client_credentials.pem text
client_credentials.expires_at_ms bigint
client_credentials.created_at_ms bigint not null
client_credentials.updated_at_ms bigint not null
client_credentials: client_credentials_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE
client_credentials: client_credentials_pkey PRIMARY KEY (id)
client_credentials: CREATE INDEX client_credentials_client_id ON public.client_credentials USING btree (client_id)
client_credentials: CREATE UNIQUE INDEX client_credentials_pkey ON public.client_credentials USING btree (id)
client_grants.id text not null
client_grants.client_id text
client_grants.default_for text
client_grants.resource_server_id text not null
client_grants.scope text not null
client_grants.allow_all_scopes integer not null default 0
client_grants.subject_type text not null
client_grants.extra text not null
client_grants.created_at_ms bigint not null
client_grants.updated_at_ms bigint not null
client_grants: client_grants_of_all_check CHECK (((client_id IS NULL) <> (default_for IS NULL)))
client_grants: client_grants_of_all_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE
client_grants: client_grants_of_all_client_id_resource_server_id_subject_t_key UNIQUE (client_id, resource_server_id, subject_type)
client_grants: client_grants_of_all_default_for_resource_server_id_subject_key UNIQUE (default_for, resource_server_id, subject_type)
client_grants: client_grants_of_all_pkey PRIMARY KEY (id)
client_grants: client_grants_of_all_resource_server_id_fkey FOREIGN KEY (resource_server_id) REFERENCES resource_servers(id) ON DELETE CASCADE
client_grants: CREATE INDEX client_grants_resource_server_id ON public.client_grants USING btree (resource_server_id, id)
client_grants: CREATE UNIQUE INDEX client_grants_of_all_client_id_resource_server_id_subject_t_key ON public.client_grants USING btree (client_id, resource_server_id, subject_type)
client_grants: CREATE UNIQUE INDEX client_grants_of_all_default_for_resource_server_id_subject_key ON public.client_grants USING btree (default_for, resource_server_id, subject_type)
client_grants: CREATE UNIQUE INDEX client_grants_of_all_pkey ON public.client_grants USING btree (id)
client_secrets.client_id text not null
client_secrets.secret_id text not null
client_secrets.digest bytea not null
client_secrets.encrypted bytea
client_secrets.created_at_ms bigint not null
client_secrets: client_secrets_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE
client_secrets: client_secrets_pkey PRIMARY KEY (client_id, secret_id)
client_secrets: CREATE UNIQUE INDEX client_secrets_pkey ON public.client_secrets USING btree (client_id, secret_id)
clients.client_id text not null
clients.name text not null
clients.description text
clients.app_type text
clients.grant_types text not null
clients.token_endpoint_auth_method text
clients.client_metadata text not null
clients.extra text not null
clients.created_at_ms bigint not null
clients.updated_at_ms bigint not null
clients.is_first_party integer not null default 1
clients: clients_pkey PRIMARY KEY (client_id)
clients: CREATE UNIQUE INDEX clients_pkey ON public.clients USING btree (client_id)
console_lines.sequence bigint not null generated always
console_lines.script_id text not null
console_lines.at_ms bigint not null
console_lines.level text not null
console_lines.text text not null
console_lines.request_id text
console_lines: console_lines_pkey PRIMARY KEY (sequence)
console_lines: CREATE INDEX console_lines_script_id ON public.console_lines USING btree (script_id, sequence)
console_lines: CREATE UNIQUE INDEX console_lines_pkey ON public.console_lines USING btree (sequence)
dependency_trees.digest text not null
dependency_trees.content bytea not null
dependency_trees: dependency_trees_pkey PRIMARY KEY (digest)
dependency_trees: CREATE UNIQUE INDEX dependency_trees_pkey ON public.dependency_trees USING btree (digest)
hook_secrets.hook_id text not null
hook_secrets.name text not null
hook_secrets.encrypted bytea not null
hook_secrets: hook_secrets_hook_id_fkey FOREIGN KEY (hook_id) REFERENCES hooks(id) ON DELETE CASCADE
hook_secrets: hook_secrets_pkey PRIMARY KEY (hook_id, name)
hook_secrets: CREATE UNIQUE INDEX hook_secrets_pkey ON public.hook_secrets USING btree (hook_id, name)
hooks.id text not null
hooks.name text not null
hooks.script text not null
hooks.dependencies text not null
hooks.dependency_tree bytea
hooks.trigger_id text not null
hooks.enabled integer not null
hooks.created_at_ms bigint not null
hooks.updated_at_ms bigint not null
hooks: hooks_name_key UNIQUE (name)
hooks: hooks_pkey PRIMARY KEY (id)
hooks: CREATE UNIQUE INDEX hooks_enabled ON public.hooks USING btree (trigger_id) WHERE (enabled = 1)
hooks: CREATE UNIQUE INDEX hooks_name_key ON public.hooks USING btree (name)
hooks: CREATE UNIQUE INDEX hooks_pkey ON public.hooks USING btree (id)
keysets.name text not null
keysets.encrypted bytea not null
keysets: keysets_pkey PRIMARY KEY (name)
keysets: CREATE UNIQUE INDEX keysets_pkey ON public.keysets USING btree (name)
links.digest text not null
links.purpose text not null
links.role text
links.administrator_id text
links.made_by text
links.created_at_ms bigint not null
links.expires_at_ms bigint
links: links_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id) ON DELETE CASCADE
links: links_pkey PRIMARY KEY (digest)
links: CREATE INDEX links_administrator_id ON public.links USING btree (administrator_id)
links: CREATE UNIQUE INDEX links_pkey ON public.links USING btree (digest)
log_streams.id text not null
log_streams.name text
log_streams.type text not null
log_streams.status text not null
log_streams.is_priority integer not null
log_streams.filters text
log_streams.pii_config text
log_streams.sink bytea not null
log_streams.created_at_ms bigint not null
log_streams.updated_at_ms bigint not null
log_streams: log_streams_pkey PRIMARY KEY (id)
log_streams: CREATE UNIQUE INDEX log_streams_pkey ON public.log_streams USING btree (id)
resource_servers.id text not null
resource_servers.identifier text
resource_servers.name text
resource_servers.signing_alg text not null
resource_servers.signing_secret bytea
resource_servers.token_lifetime_s integer not null
resource_servers.token_dialect text
resource_servers.is_system integer not null
resource_servers.extra text not null
resource_servers.created_at_ms bigint not null
resource_servers.updated_at_ms bigint not null
resource_servers.has_scopes integer not null default 0
resource_servers: resource_servers_identifier_key UNIQUE (identifier)
resource_servers: resource_servers_pkey PRIMARY KEY (id)
resource_servers: CREATE UNIQUE INDEX resource_servers_identifier_key ON public.resource_servers USING btree (identifier)
resource_servers: CREATE UNIQUE INDEX resource_servers_pkey ON public.resource_servers USING btree (id)
scopes.resource_server_id text not null
scopes.position integer not null
scopes.value text not null
scopes.description text
scopes: scopes_pkey PRIMARY KEY (resource_server_id, value)
scopes: scopes_resource_server_id_fkey FOREIGN KEY (resource_server_id) REFERENCES resource_servers(id) ON DELETE CASCADE
scopes: CREATE UNIQUE INDEX scopes_pkey ON public.scopes USING btree (resource_server_id, value)
sessions.digest text not null
sessions.administrator_id text not null
sessions.started_at_ms bigint not null
sessions.used_at_ms bigint not null
sessions: sessions_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id) ON DELETE CASCADE
sessions: sessions_pkey PRIMARY KEY (digest)
sessions: CREATE INDEX sessions_administrator_id ON public.sessions USING btree (administrator_id)
sessions: CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (digest)
settings.name text not null
settings.value text not null
settings: settings_pkey PRIMARY KEY (name)
settings: CREATE UNIQUE INDEX settings_pkey ON public.settings USING btree (name)
signing_keys.kid text not null
signing_keys.algorithm text not null
signing_keys.state text not null
signing_keys.private_key bytea not null
signing_keys.certificate bytea not null
signing_keys.created_at_ms bigint not null
signing_keys.current_since_ms bigint
signing_keys.current_until_ms bigint
signing_keys.revoked_at_ms bigint
signing_keys: signing_keys_pkey PRIMARY KEY (kid)
signing_keys: CREATE UNIQUE INDEX signing_keys_pkey ON public.signing_keys USING btree (kid)
usage.client_id text not null
usage.resource_server_id text not null
usage.hour_ms bigint not null
usage.tokens bigint not null
usage.refusals bigint not null
usage.last_at_ms bigint not null
usage: usage_pkey PRIMARY KEY (client_id, resource_server_id, hour_ms)
usage: CREATE INDEX usage_hour_ms_tokens ON public.usage USING btree (hour_ms, tokens)
usage: CREATE UNIQUE INDEX usage_pkey ON public.usage USING btree (client_id, resource_server_id, hour_ms)
usage_counted.position bigint not null
usage_minutes.minute_ms bigint not null
usage_minutes.reason text not null
usage_minutes.events bigint not null
usage_minutes: usage_minutes_pkey PRIMARY KEY (minute_ms, reason)
usage_minutes: CREATE UNIQUE INDEX usage_minutes_pkey ON public.usage_minutes USING btree (minute_ms, reason)
usage_of_apis.resource_server_id text not null
usage_of_apis.hour_ms bigint not null
usage_of_apis.tokens bigint not null
usage_of_apis.refusals bigint not null
usage_of_apis.last_at_ms bigint not null
usage_of_apis: usage_of_apis_pkey PRIMARY KEY (resource_server_id, hour_ms)
usage_of_apis: CREATE UNIQUE INDEX usage_of_apis_pkey ON public.usage_of_apis USING btree (resource_server_id, hour_ms)
