-- the sums of usage that no index of it answers quickly; counted with it
create table usage_of_apis (
    resource_server_id text   not null,
    hour_ms            bigint not null,
    tokens             bigint not null,
    refusals           bigint not null,
    last_at_ms         bigint not null,
    primary key (resource_server_id, hour_ms)
);

insert into usage_of_apis (resource_server_id, hour_ms, tokens, refusals, last_at_ms)
select resource_server_id, hour_ms, sum(tokens), sum(refusals), max(last_at_ms)
  from usage
 where resource_server_id <> ''
 group by resource_server_id, hour_ms;

create table usage_minutes (
    minute_ms bigint not null,
    -- why tokens were refused; empty where they were issued
    reason    text   not null,
    events    bigint not null,
    primary key (minute_ms, reason)
);

-- finds the busiest of an hour
drop index usage_hour_ms;

create index usage_hour_ms_tokens on usage (hour_ms, tokens);
