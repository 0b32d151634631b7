import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../ui/figures';
import classes from './ScopePicker.module.css';

interface Props {
  scopes: { value: string; description?: string }[];
  chosen: string[];
  choose: (chosen: string[]) => void;
  isReadOnly?: boolean;
}

const FILTER_FROM = 8;

/** The scopes of an API with a box each; a filter where they are many. */
export function ScopePicker({ scopes, chosen, choose, isReadOnly = false }: Props) {
  const [filter, setFilter] = useState('');
  const needle = filter.toLowerCase();
  const shown = scopes.filter(
    ({ value, description = '' }) =>
      value.toLowerCase().includes(needle) || description.toLowerCase().includes(needle),
  );
  const held = new Set(chosen);
  const all = new Set(scopes.map((scope) => scope.value));
  const strangers = chosen.filter((value) => !all.has(value));

  if (scopes.length === 0 && strangers.length === 0) {
    return <p className="quiet">This API has no scopes yet; a token for it has an empty scope.</p>;
  }
  return (
    <>
      <div className={classes.bar}>
        {scopes.length >= FILTER_FROM && (
          <TextInput
            size="xs"
            aria-label="Filter scopes"
            placeholder="Filter scopes"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        )}
        {!isReadOnly && (
          <>
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => choose([...new Set([...chosen, ...shown.map((scope) => scope.value)])])}
            >
              Select {filter === '' ? 'all' : 'these'}
            </Button>
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => choose(chosen.filter((value) => !shown.some((scope) => scope.value === value)))}
            >
              Select none{filter === '' ? '' : ' of these'}
            </Button>
          </>
        )}
        <span className={classes.count}>
          {count(chosen.length)} of {count(scopes.length)}
        </span>
      </div>
      <div className={classes.scopes}>
        {[
          ...shown,
          ...strangers.map((value) => ({ value, description: 'The API does not have it any more' })),
        ].map(({ value, description }) => (
          <Checkbox
            key={value}
            size="sm"
            label={<bdi className="mono">{value}</bdi>}
            description={description}
            checked={held.has(value)}
            disabled={isReadOnly}
            onChange={(event) =>
              choose(
                event.currentTarget.checked ? [...chosen, value] : chosen.filter((other) => other !== value),
              )
            }
          />
        ))}
        {shown.length === 0 && <p className="quiet">No scope has “{filter}” in it.</p>}
      </div>
    </>
  );
}
