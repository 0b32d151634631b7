create table if not exists timesheets (
    id integer primary key, -- the highest and one more; none comes twice, since nothing is ever deleted
    reporter text not null, -- empty for uploads, otherwise the employee
    entry_id text,
    user_id text not null,
    date text not null, -- ISO-8601 in UTC
    project text not null,
    hours real not null,
    approved integer not null default 0,
    unique (reporter, entry_id)
);

create index if not exists timesheets_by_user on timesheets (user_id);
