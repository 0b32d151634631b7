import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Empty } from '../../ui/Empty';
import { Failure, wordsOf } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Pages, Toolbar } from '../../ui/ListPage';
import { Loading } from '../../ui/Loading';
import { type Client, clientQuery, clientsQuery, isMachine, nameOf } from '../client/clients';
import { FoundGrantRow, GrantRow } from '../clientgrant/GrantRow';
import rows from '../clientgrant/GrantRow.module.css';
import {
  allGrantsOfApiQuery,
  type ClientGrant,
  grantCountOfApiQuery,
  grantsOfApiQuery,
} from '../clientgrant/grants';
import type { ApiSearch } from './apiSearch';
import type { ResourceServer } from './resourceServers';

const route = getRouteApi('/signed-in/apis/$apiId/{-$tab}');

/** Which applications may ask tokens for the API: all that could, or only those that may. */
export function ApiApplications({ server }: { server: ResourceServer }) {
  const { search = '', from, authorized = false } = route.useSearch();
  const navigate = useNavigate();
  const total = useQuery(grantCountOfApiQuery(server.identifier));
  const go = (to: ApiSearch): void => void navigate({ to: '.', search: to, replace: true } as never);
  const only = authorized ? { authorized } : {};
  return (
    <>
      <Toolbar
        placeholder="Name, or the beginning of a client ID"
        search={search}
        onSearch={(text) => go(text === '' ? only : { ...only, search: text })}
        filters={
          authorized ? undefined : (
            <Button
              variant="default"
              size="xs"
              onClick={() => go(search === '' ? { authorized: true } : { authorized: true, search })}
            >
              Authorized only
            </Button>
          )
        }
        chips={
          authorized ? [{ label: 'Authorized only', remove: () => go(search === '' ? {} : { search }) }] : []
        }
        count={total.data === undefined ? '' : `${counted(total.data, 'application')} authorized`}
      />
      {authorized && search === '' ? (
        <Authorized server={server} from={from} />
      ) : (
        <Found server={server} search={search} from={from} isAuthorizedOnly={authorized} />
      )}
    </>
  );
}

/** A page of the grants, each with its application. */
function Authorized({ server, from }: { server: ResourceServer; from: string | undefined }) {
  const grants = useQuery(grantsOfApiQuery(server.identifier, from));
  if (grants.isPending) {
    return <Loading />;
  }
  if (grants.isLoadingError) {
    return (
      <Failure
        what="The grants for this API cannot be listed"
        problem={grants.error}
        retry={() => void grants.refetch()}
      />
    );
  }
  const shown = grants.data.client_grants;
  return (
    <>
      {shown.length === 0 ? (
        <Empty docs="authorize">
          No application is authorized for this API yet, so nobody gets a token for it.
        </Empty>
      ) : (
        <ul className={rows.list}>
          {shown.map((grant) => (
            <GrantedRow key={grant.id} server={server} grant={grant} />
          ))}
        </ul>
      )}
      <Pages from={from} next={grants.data.next} />
    </>
  );
}

function GrantedRow({ server, grant }: { server: ResourceServer; grant: ClientGrant }) {
  const id = grant.client_id ?? '';
  const client = useQuery(clientQuery(id));
  const note = client.isError
    ? `Its name cannot be shown: ${wordsOf(client.error)}`
    : client.isSuccess && !isMachine(client.data.value)
      ? 'It lacks the grant type client_credentials, so it gets no token'
      : '';
  return (
    <GrantRow {...rowOf(server, client.data?.value ?? { client_id: id, name: id }, note)} grant={grant} />
  );
}

interface FoundProps {
  server: ResourceServer;
  search: string;
  from: string | undefined;
  isAuthorizedOnly: boolean;
}

/** A page of the applications that ask for tokens, each with its grant if it has one. */
function Found({ server, search, from, isAuthorizedOnly }: FoundProps) {
  const clients = useQuery(clientsQuery(search, from));
  const grants = useQuery(allGrantsOfApiQuery(server.identifier));
  if (clients.isPending || grants.isPending) {
    return <Loading />;
  }
  if (clients.isLoadingError || grants.isLoadingError) {
    return (
      <Failure
        what="The applications cannot be listed"
        problem={clients.error ?? grants.error}
        retry={() => void Promise.all([clients.refetch(), grants.refetch()])}
      />
    );
  }
  const { isWhole } = grants.data;
  const authorized = new Set(grants.data.grants.map((grant) => grant.client_id));
  const shown = clients.data.clients
    .filter(isMachine)
    .filter((client) => !isAuthorizedOnly || !isWhole || authorized.has(client.client_id));
  const others = clients.data.clients.length - shown.length;
  return (
    <>
      {shown.length > 0 && (
        <ul className={rows.list}>
          {shown.map((client) => (
            <FoundGrantRow
              key={client.client_id}
              {...rowOf(server, client)}
              known={grants.data}
              isAuthorizedOnly={isAuthorizedOnly}
            />
          ))}
        </ul>
      )}
      {shown.length === 0 && (
        <Empty>
          {search === '' && others === 0
            ? 'There is no application yet.'
            : `No application ${clients.data.next === undefined ? '' : 'on this page '}${
                search === '' ? '' : `with “${search}” `
              }${isAuthorizedOnly ? 'is authorized' : 'has the grant type client_credentials'}.`}
        </Empty>
      )}
      {shown.length > 0 && others > 0 && !isAuthorizedOnly && (
        <p className="quiet">
          {counted(others, 'application')} of this page {others === 1 ? 'lacks' : 'lack'} the grant type
          client_credentials.
        </p>
      )}
      <Pages from={from} next={clients.data.next} />
    </>
  );
}

/** What a row shows of an application. */
function rowOf(server: ResourceServer, client: Client, note = '') {
  const id = client.client_id ?? '';
  return {
    name: nameOf(client),
    detail: (
      <>
        <span className="mono">{id}</span>
        {note !== '' && ` · ${note}`}
      </>
    ),
    clientId: id,
    audience: server.identifier,
    scopes: server.scopes ?? [],
    children: (
      <Link to="/applications/$clientId/{-$tab}" params={{ clientId: id }}>
        <bdi>{nameOf(client)}</bdi>
      </Link>
    ),
  };
}
