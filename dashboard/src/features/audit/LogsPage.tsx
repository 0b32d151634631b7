import { Button, Menu, Pill, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../session/session';
import { PageHead } from '../../ui/PageHead';
import { clientQuery, clientsQuery, nameOf } from '../client/clients';
import { EventTable, isMalformedQuery } from './EventTable';
import { eventsQuery, KINDS, kindOf } from './events';
import classes from './LogsPage.module.css';
import type { LogSearch } from './logSearch';

const route = getRouteApi('/signed-in/logs');

export function LogsPage() {
  const { q, type, client, from } = route.useSearch();
  const navigate = useNavigate({ from: '/logs' });
  const mayRead = useMay('read:logs', 'read:logs_users');
  const mayReadClients = useMay('read:clients', 'read:client_summary');
  const filter = { q, type, client };
  const page = useQuery({ ...eventsQuery(filter, from), enabled: mayRead });
  const types = (type ?? '').split(',').filter((one) => one !== '');

  /** Another filter begins with the newest events, and none is open. */
  function narrow(change: Partial<Record<'q' | 'type' | 'client', string | undefined>>): void {
    void navigate({
      search: (before): LogSearch => {
        const now = { q: before.q, type: before.type, client: before.client, ...change };
        return Object.fromEntries(Object.entries(now).filter(([, value]) => value));
      },
    });
  }

  return (
    <>
      <PageHead title="Logs" />
      <div className={classes.filters}>
        <Query
          key={q ?? ''}
          query={q ?? ''}
          error={isMalformedQuery(page.error) ? page.error.reason : undefined}
          search={(text) => narrow({ q: text })}
        />
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
              Type
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {Object.entries(KINDS)
              .filter(([one]) => !types.includes(one))
              .map(([one, { label }]) => (
                <Menu.Item key={one} onClick={() => narrow({ type: [...types, one].join(',') })}>
                  {label}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
        {mayReadClients && client === undefined && (
          <ChooseApplication choose={(id) => narrow({ client: id })} />
        )}
        {types.map((one) => (
          <Chip
            key={one}
            label={kindOf(one).label}
            remove={() => narrow({ type: types.filter((other) => other !== one).join(',') })}
          />
        ))}
        {client !== undefined && (
          <ApplicationChip
            id={client}
            mayRead={mayReadClients}
            remove={() => narrow({ client: undefined })}
          />
        )}
      </div>
      <EventTable key={`${q}\n${type}\n${client}\n${from}`} filter={filter} />
    </>
  );
}

/** The query is sent when it is whole: half of one is seldom a query. */
function Query({
  query,
  error,
  search,
}: {
  query: string;
  error: string | undefined;
  search: (text: string) => void;
}) {
  const [typed, setTyped] = useState(query);

  function submit(event: FormEvent): void {
    event.preventDefault();
    search(typed.trim());
  }

  return (
    <form onSubmit={submit} className={classes.query}>
      <TextInput
        aria-label="Query"
        placeholder="Query, such as ip:10.0.* AND NOT client_name:Billing"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        maxLength={500}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={error}
        autoComplete="off"
        spellCheck={false}
      />
      {(typed.trim() !== query || query !== '') && (
        <Button
          variant="default"
          type={typed.trim() === query ? 'button' : 'submit'}
          onClick={typed.trim() === query ? () => search('') : undefined}
        >
          {typed.trim() === query ? 'Clear' : 'Search'}
        </Button>
      )}
    </form>
  );
}

function ChooseApplication({ choose }: { choose: (id: string) => void }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 250);
  const [isOpen, setOpen] = useState(false);
  const found = useQuery({ ...clientsQuery(search, undefined), enabled: isOpen });
  return (
    <Select
      aria-label="Application"
      placeholder="Application"
      className={classes.application}
      searchable
      searchValue={text}
      onSearchChange={setText}
      onDropdownOpen={() => setOpen(true)}
      data={(found.data?.clients ?? []).map((client) => ({
        value: client.client_id ?? '',
        label: nameOf(client),
      }))}
      // The server has searched already.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <span>
          <bdi>{option.label}</bdi> <span className="mono quiet">{option.value.slice(0, 8)}</span>
        </span>
      )}
      nothingFoundMessage={found.isSuccess ? 'No application of that name' : undefined}
      value={null}
      onChange={(id) => id !== null && choose(id)}
    />
  );
}

function ApplicationChip({ id, mayRead, remove }: { id: string; mayRead: boolean; remove: () => void }) {
  const client = useQuery({ ...clientQuery(id), enabled: mayRead });
  return <Chip label={client.data === undefined ? id : nameOf(client.data.value)} remove={remove} />;
}

function Chip({ label, remove }: { label: string; remove: () => void }) {
  return (
    <Pill
      withRemoveButton
      onRemove={remove}
      removeButtonProps={{ 'aria-label': `Remove ${label}`, 'aria-hidden': false, tabIndex: 0 }}
      size="md"
    >
      <bdi>{label}</bdi>
    </Pill>
  );
}
