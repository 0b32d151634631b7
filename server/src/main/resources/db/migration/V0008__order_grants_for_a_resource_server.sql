-- one page of the grants for an API that all clients use is found in its order, and not by sorting all of them
drop index client_grants_resource_server_id;

create index client_grants_resource_server_id on client_grants (resource_server_id, id);
