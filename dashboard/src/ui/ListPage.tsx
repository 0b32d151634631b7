import { Button, Pill, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import classes from './ListPage.module.css';

/** What a list's URL holds: the search, and after which key the page begins. */
export interface ListSearch {
  search?: string;
  from?: string;
}

/** Reads them from a URL, whatever stands in it. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  return {
    ...(typeof raw.search === 'string' && raw.search !== '' ? { search: raw.search.slice(0, 255) } : {}),
    ...(typeof raw.from === 'string' && raw.from !== '' ? { from: raw.from } : {}),
  };
}

interface ToolbarProps {
  search: string;
  onSearch: (search: string) => void;
  placeholder: string;
  /** What else narrows the list, as chips; each can be removed. */
  chips?: { label: string; remove: () => void }[];
  filters?: ReactNode;
  count: ReactNode;
}

/** Above a table: the search at the left, filters beside it as chips, how many there are at the right. */
export function Toolbar({ search, onSearch, placeholder, chips = [], filters, count }: ToolbarProps) {
  const [typed, setTyped] = useState(search);
  const [known, setKnown] = useState(search);
  const settle = useDebouncedCallback(onSearch, 250);
  if (search !== known) {
    // It came by another way, such as Back.
    setKnown(search);
    setTyped(search);
  }
  return (
    <div className={classes.toolbar}>
      <TextInput
        className={classes.search}
        aria-label={placeholder}
        placeholder={placeholder}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        maxLength={255}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setKnown(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      {filters}
      {chips.map((chip) => (
        <Pill
          key={chip.label}
          withRemoveButton
          onRemove={chip.remove}
          removeButtonProps={{ 'aria-label': `Remove ${chip.label}`, 'aria-hidden': false, tabIndex: 0 }}
        >
          {chip.label}
        </Pill>
      ))}
      <Text size="sm" c="dimmed" className={classes.count} aria-live="polite">
        {count}
      </Text>
    </div>
  );
}

/** Leads to the next page by key, and back by the way one came. */
export function Pages({ from, next }: { from: string | undefined; next: string | undefined }) {
  const navigate = useNavigate();
  const router = useRouter();
  const depth = useRouterState({ select: (state) => (state.location.state as { page?: number }).page ?? 0 });
  const go = (key: string | undefined, page: number): void => {
    void navigate({
      to: '.',
      search: (before: ListSearch) => ({ ...before, from: key }),
      state: { page } as object,
    } as never);
  };
  if (from === undefined && next === undefined) {
    return null;
  }
  return (
    <nav className={classes.pages} aria-label="Pages of the list">
      {from !== undefined && (
        <>
          <Button variant="default" size="xs" onClick={() => go(undefined, 0)}>
            First page
          </Button>
          {depth > 0 && (
            <Button variant="default" size="xs" onClick={() => router.history.back()}>
              Previous
            </Button>
          )}
        </>
      )}
      {next !== undefined && (
        <Button variant="default" size="xs" onClick={() => go(next, depth + 1)}>
          Next
        </Button>
      )}
    </nav>
  );
}
