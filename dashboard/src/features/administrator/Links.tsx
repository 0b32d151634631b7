import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useMay } from '../../session/session';
import { Failure, outcomeOf } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { type Column, Table } from '../../ui/Table';
import classes from './Administrators.module.css';
import { linksQuery, type UnusedLink, withdraw } from './administrators';
import { ROLES } from './RoleChoice';

/** The invitations and resets that nobody has used yet; whoever made one by mistake makes it void here. */
export function Links() {
  const id = useId();
  const client = useQueryClient();
  const mayWithdraw = useMay('delete:administrators');
  const list = useQuery(linksQuery);
  const [leaving, setLeaving] = useState<string>();
  const [problem, setProblem] = useState<unknown>();

  async function end(link: UnusedLink): Promise<void> {
    setLeaving(link.id);
    setProblem(undefined);
    try {
      await withdraw(link.id);
    } catch (failure) {
      setProblem(failure);
    }
    // After a refusal too: somebody may have used it meanwhile.
    await client.invalidateQueries({ queryKey: linksQuery.queryKey });
    setLeaving(undefined);
  }

  const columns: Column<UnusedLink>[] = [
    { head: 'Link', cell: (link) => <What link={link} /> },
    { head: 'Made by', cell: ({ made_by }) => <Maker by={made_by} />, minor: true },
    { head: 'Made', width: 160, cell: (link) => <Time at={link.made_at} />, minor: true },
    {
      head: 'Ends',
      width: 160,
      cell: ({ usable, expires_at }) =>
        usable ? (
          <Time at={expires_at} />
        ) : (
          <span className="quiet">Void: its maker may not make it now</span>
        ),
    },
  ];
  if (mayWithdraw) {
    columns.push({
      head: 'Action',
      width: 120,
      cell: (link) => (
        <Button
          variant="default"
          size="compact-sm"
          loading={leaving === link.id}
          onClick={() => void end(link)}
        >
          Withdraw
        </Button>
      ),
    });
  }

  return (
    <section className={classes.links} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        Unused links
      </h2>
      {problem !== undefined && (
        <Failure what={outcomeOf(problem, 'The link was not withdrawn')} problem={problem} />
      )}
      {list.isLoadingError && (
        <Failure what="The links cannot be listed" problem={list.error} retry={() => void list.refetch()} />
      )}
      {list.data?.length === 0 && (
        <p className="quiet">Invitations and resets stand here until they are used or end.</p>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <Table label="Unused links" columns={columns} rows={list.data} id={(link) => link.id} />
      )}
    </section>
  );
}

function What({ link }: { link: UnusedLink }) {
  return link.purpose === 'reset' ? (
    <>
      New password for <bdi>{link.name}</bdi>
    </>
  ) : (
    <>Invitation, {ROLES[link.role].label}</>
  );
}

function Maker({ by }: { by: UnusedLink['made_by'] }) {
  return by.client_id === undefined ? (
    <bdi>{by.user_name}</bdi>
  ) : (
    <Link to="/applications/$clientId/{-$tab}" params={{ clientId: by.client_id }} className="mono">
      {by.client_id}
    </Link>
  );
}
