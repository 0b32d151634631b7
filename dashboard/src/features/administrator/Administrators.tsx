import { Button } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { forget, type Role, useMay, useSession } from '../../session/session';
import { Confirm } from '../../ui/Danger';
import { Failure } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { type Column, type RowAction, Table } from '../../ui/Table';
import classes from './Administrators.module.css';
import {
  type Administrator,
  administratorsQuery,
  invite,
  remove,
  resetPassword,
  whyKept,
} from './administrators';
import { ChangeRole } from './ChangeRole';
import { LinkDialog } from './LinkDialog';
import { Links } from './Links';
import { ROLES, RoleChoice } from './RoleChoice';

type Act = { kind: 'invite' } | { kind: 'reset' | 'role' | 'remove'; of: Administrator };

/** The people who sign in here, and what is done about them. */
export function Administrators() {
  const mayRead = useMay('read:administrators');
  const mayInvite = useMay('create:administrators');
  const list = useQuery({ ...administratorsQuery, enabled: mayRead });
  const [act, setAct] = useState<Act>();
  const close = (): void => setAct(undefined);

  if (!mayRead) {
    return <p className="quiet">Your role may not see the administrators.</p>;
  }
  return (
    <>
      <div className={classes.toolbar}>
        {mayInvite ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAct({ kind: 'invite' })}>
            Invite administrator
          </Button>
        ) : (
          <span className="quiet">Only owners invite, change and remove administrators.</span>
        )}
        <span className="quiet">
          {list.data === undefined ? '' : counted(list.data.length, 'administrator')}
        </span>
      </div>
      {list.isPending && <Loading rows={4} />}
      {list.isLoadingError && (
        <Failure
          what="The administrators cannot be listed"
          problem={list.error}
          retry={() => void list.refetch()}
        />
      )}
      {list.data !== undefined && <People of={list.data} act={setAct} />}
      <Links />
      {act?.kind === 'invite' && <Invite close={close} />}
      {act?.kind === 'reset' && <Reset of={act.of} close={close} />}
      {act?.kind === 'role' && <ChangeRole of={act.of} close={close} />}
      {act?.kind === 'remove' && <Remove of={act.of} close={close} />}
    </>
  );
}

function People({ of: all, act }: { of: Administrator[]; act: (act: Act) => void }) {
  const { administrator: me } = useSession();
  const navigate = useNavigate();
  const mayUpdate = useMay('update:administrators');
  const mayDelete = useMay('delete:administrators');
  const mayReadLog = useMay('read:logs');

  const columns: Column<Administrator>[] = [
    {
      head: 'Name',
      cell: (one) => (
        <>
          <bdi>{one.name}</bdi>
          {one.id === me.id && <span className="quiet"> (you)</span>}
        </>
      ),
    },
    { head: 'Role', cell: ({ role }) => ROLES[role].label },
    { head: 'Last sign-in', width: 160, cell: (one) => <Time at={one.last_sign_in_at} never="Not yet" /> },
    { head: 'Created', width: 160, cell: (one) => <Time at={one.created_at} />, minor: true },
  ];

  function actions(one: Administrator): RowAction[] {
    const why = whyKept(one, all);
    return [
      ...(mayReadLog
        ? [
            {
              label: 'Show in the log',
              run: () => void navigate({ to: '/logs', search: { q: `user_id:"${one.id}"` } }),
            },
          ]
        : []),
      ...(mayUpdate
        ? [
            { label: 'Change role', run: () => act({ kind: 'role', of: one }), why },
            { label: 'Reset password', run: () => act({ kind: 'reset', of: one }) },
          ]
        : []),
      ...(mayDelete
        ? [{ label: 'Remove', run: () => act({ kind: 'remove', of: one }), dangerous: true, why }]
        : []),
    ];
  }

  return <Table label="Administrators" columns={columns} rows={all} id={(one) => one.id} actions={actions} />;
}

function Invite({ close }: { close: () => void }) {
  const [role, setRole] = useState<Role>('viewer');
  return (
    <LinkDialog
      title="Invite administrator"
      make={() => invite(role)}
      advice="Send this link to one person, by a way that only that person reads. Whoever opens it chooses a name and a password."
      close={close}
    >
      <RoleChoice role={role} choose={setRole} />
      <p>
        You get a link to send. Until it is used you can withdraw it; if the wrong person used it, remove that
        administrator.
      </p>
    </LinkDialog>
  );
}

function Reset({ of, close }: { of: Administrator; close: () => void }) {
  return (
    <LinkDialog
      title={`Reset the password of ${of.name}`}
      make={() => resetPassword(of.id)}
      advice={
        <>
          Send this link to <bdi>{of.name}</bdi>, who sets a new password with it.
        </>
      }
      close={close}
    >
      <p>
        You get a link to send. Until it is used, the password of today is good; when it is used, all sessions
        of <bdi>{of.name}</bdi> end.
      </p>
    </LinkDialog>
  );
}

function Remove({ of, close }: { of: Administrator; close: () => void }) {
  const client = useQueryClient();
  const isMe = useSession().administrator.id === of.id;
  return (
    <Confirm
      opened
      close={close}
      button="Remove administrator"
      name={of.name}
      impact={
        <p>
          All sessions of <bdi>{of.name}</bdi> ({ROLES[of.role].label.toLowerCase()}, last sign-in{' '}
          <Time at={of.last_sign_in_at} never="never" />) end at once, and so do unused links that{' '}
          <bdi>{of.name}</bdi> made. What was changed stays, and so does its log.
          {isMe && ' This is you: you are signed out.'}
        </p>
      }
      run={async () => {
        await remove(of.id);
        if (isMe) {
          forget(client);
        } else {
          await client.invalidateQueries({ queryKey: administratorsQuery.queryKey });
        }
      }}
    />
  );
}
