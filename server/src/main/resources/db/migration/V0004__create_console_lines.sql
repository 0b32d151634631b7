-- the newest lines that Hooks and Actions wrote
create table console_lines (
    sequence   ${sequence},
    script_id  text   not null,
    at_ms      bigint not null,
    level      text   not null,
    text       text   not null,
    request_id text
);

create index console_lines_script_id on console_lines (script_id, sequence);
