import { ActionIcon, Tooltip } from '@mantine/core';
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, type Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Failure, outcomeOf } from '../../ui/Failure';
import { type Binding, bind, bindingsQuery, moved } from './bindings';
import classes from './ExtensionsPage.module.css';
import type { HookRow } from './scripts';

/** What runs before each token: the enabled Hook, then the bound Actions, whose order can be changed. */
export function RunningOrder({ hook, bindings }: { hook: HookRow | undefined; bindings: Tagged<Binding[]> }) {
  const queries = useQueryClient();
  const mayOrder = useMay('update:actions');
  const [moving, setMoving] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const ids = bindings.value.map((binding) => binding.action.id);

  async function move(index: number, by: -1 | 1): Promise<void> {
    setMoving(true);
    setProblem(undefined);
    try {
      await bind(bindings, moved(ids, index, by));
    } catch (failure) {
      setProblem(
        failure instanceof ApiProblem && failure.status === 412
          ? new Error('Somebody else changed the order meanwhile. It is shown as it is now.')
          : failure,
      );
    } finally {
      await queries.invalidateQueries({ queryKey: bindingsQuery.queryKey });
      setMoving(false);
    }
  }

  return (
    <>
      <h2 className={classes.title}>What runs before a token</h2>
      {hook === undefined && bindings.value.length === 0 ? (
        <p className="quiet">Nothing: no Hook is enabled and no Action is bound.</p>
      ) : (
        <ol className={classes.order} aria-busy={moving}>
          {hook !== undefined && (
            <li className={classes.step}>
              <span className={classes.number}>1</span>
              <Link
                to="/extensions/hooks/$hookId/{-$tab}"
                params={{ hookId: hook.id }}
                className={classes.name}
              >
                <bdi>{hook.name}</bdi>
              </Link>
              <span className="quiet">Hook</span>
            </li>
          )}
          {bindings.value.map(({ action }, index) => (
            <li key={action.id} className={classes.step}>
              <span className={classes.number}>{index + (hook === undefined ? 1 : 2)}</span>
              <Link
                to="/extensions/actions/$actionId/{-$tab}"
                params={{ actionId: action.id }}
                className={classes.name}
              >
                <bdi>{action.name}</bdi>
              </Link>
              <span className="quiet">Action, version {action.deployed_version?.number}</span>
              {mayOrder && ids.length > 1 && (
                <span>
                  <Move
                    words="Run earlier"
                    name={action.name}
                    isPossible={!moving && index > 0}
                    move={() => void move(index, -1)}
                    Icon={IconArrowUp}
                  />
                  <Move
                    words="Run later"
                    name={action.name}
                    isPossible={!moving && index < ids.length - 1}
                    move={() => void move(index, 1)}
                    Icon={IconArrowDown}
                  />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {problem !== undefined && (
        <Failure what={outcomeOf(problem, 'The order was not changed')} problem={problem} />
      )}
    </>
  );
}

interface MoveProps {
  words: string;
  name: string;
  isPossible: boolean;
  move: () => void;
  Icon: typeof IconArrowUp;
}

function Move({ words, name, isPossible, move, Icon }: MoveProps) {
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${words}: ${name}`}
        disabled={!isPossible}
        onClick={move}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
