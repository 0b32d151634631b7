import { Button, Switch, UnstyledButton } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../session/session';
import { Confirm } from '../../ui/Danger';
import { Failure, wordsOf } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Leaving } from '../../ui/Leaving';
import { Status } from '../../ui/Status';
import { Impact } from '../usage/Impact';
import classes from './GrantRow.module.css';
import { authorize, type ClientGrant, type Grants, grantQuery, withdraw } from './grants';
import { ScopePicker } from './ScopePicker';
import { type ScopeDraft, useScopeDraft } from './scopeDraft';

interface Props {
  /** What the row stands for: a link with a name. */
  children: ReactNode;
  /** What stands below the name. */
  detail: ReactNode;
  /** What must be typed to withdraw the grant. */
  name: string;
  clientId: string;
  audience: string;
  /** All scopes of the API. */
  scopes: { value: string; description?: string }[];
  grant: ClientGrant | undefined;
}

interface FoundProps extends Omit<Props, 'grant'> {
  known: Grants;
  /** Leaves the row out where there is no grant. */
  isAuthorizedOnly?: boolean;
}

/** The row of a grant that is looked for among those known, and asked for by itself where these are not all. */
export function FoundGrantRow({ known, isAuthorizedOnly = false, ...row }: FoundProps) {
  const { clientId, audience, name } = row;
  const held = known.grants.find((grant) => grant.client_id === clientId && grant.audience === audience);
  const isKnown = known.isWhole || held !== undefined;
  const asked = useQuery({ ...grantQuery(clientId, audience), enabled: !isKnown });
  const grant = isKnown ? (held ?? null) : asked.data;
  if (grant === undefined) {
    return asked.error === null ? null : (
      <li className={classes.row}>
        <Failure
          what={`Whether ${name} is authorized is not known`}
          problem={asked.error}
          retry={() => void asked.refetch()}
        />
      </li>
    );
  }
  return grant === null && isAuthorizedOnly ? null : <GrantRow {...row} grant={grant ?? undefined} />;
}

/** Whether an application is authorized for an API, and for which of its scopes: seen from either side. */
export function GrantRow({ children, detail, name, clientId, audience, scopes, grant }: Props) {
  const client = useQueryClient();
  const mayCreate = useMay('create:client_grants');
  const mayUpdate = useMay('update:client_grants');
  const mayDelete = useMay('delete:client_grants');
  const [open, setOpen] = useState(false);
  const [withdrawing, setWithdrawing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const isAuthorized = grant !== undefined;
  const draft = useScopeDraft(grant, open && mayUpdate);
  const mayToggle = isAuthorized ? mayDelete : mayCreate;

  async function act(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      await client.invalidateQueries({ queryKey: ['grants'] });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <UnstyledButton
          className={classes.open}
          aria-expanded={open}
          aria-label={`Scopes of ${name}`}
          onClick={() => setOpen(!open)}
        >
          <IconChevronRight size={16} aria-hidden className={open ? classes.turned : undefined} />
        </UnstyledButton>
        <div className={classes.words}>
          <div className={classes.name}>{children}</div>
          <div className={classes.detail}>{detail}</div>
        </div>
        {draft.isChanged ? (
          <Status means="expiring">Not saved</Status>
        ) : (
          <span className="quiet">{isAuthorized ? granted(grant, scopes.length) : ''}</span>
        )}
        <Switch
          classNames={{ labelWrapper: classes.state }}
          label={isAuthorized ? 'Authorized' : 'Unauthorized'}
          aria-label={`Authorize ${name}`}
          checked={isAuthorized}
          disabled={busy || !mayToggle}
          title={mayToggle ? undefined : 'Your role may not change grants'}
          onChange={() => {
            if (isAuthorized) {
              setWithdrawing(true);
            } else {
              setOpen(true);
              void act(() => authorize(clientId, audience, []));
            }
          }}
        />
      </div>
      {problem !== undefined && (
        <p role="alert" className={classes.problem}>
          {wordsOf(problem)}
        </p>
      )}
      {open && (
        <div className={classes.scopes}>
          {isAuthorized ? (
            <Scopes grant={grant} scopes={scopes} draft={draft} mayUpdate={mayUpdate} />
          ) : (
            <p className="quiet">Authorize it first; then choose its scopes.</p>
          )}
        </div>
      )}
      <Leaving changed={draft.isChanged ? [`Scopes of ${name}`] : []} outlivesSearch={false} />
      {grant !== undefined && (
        <Confirm
          opened={withdrawing}
          close={() => setWithdrawing(false)}
          button="Withdraw grant"
          name={name}
          impact={
            <Impact
              of="clients"
              id={clientId}
              consequence="New tokens for this API are refused at once; those already issued work until they expire."
            />
          }
          run={async () => {
            await withdraw(grant.id);
            await client.invalidateQueries({ queryKey: ['grants'] });
          }}
        />
      )}
    </li>
  );
}

function granted(grant: ClientGrant, all: number): string {
  if (grant.allow_all_scopes === true) {
    return 'All scopes';
  }
  const held = grant.scope?.length ?? 0;
  return held === 0 ? 'No scopes' : `${held} of ${counted(all, 'scope')}`;
}

interface ScopesProps {
  grant: ClientGrant;
  scopes: Props['scopes'];
  draft: ScopeDraft;
  mayUpdate: boolean;
}

function Scopes({ grant, scopes, draft, mayUpdate }: ScopesProps) {
  return (
    <>
      {draft.theirs !== undefined && (
        <p role="alert">
          Somebody else changed this grant meanwhile (<bdi>{draft.theirs}</bdi>); your choices are kept. Look
          at them once more.
        </p>
      )}
      {draft.problem !== undefined && (
        <p role="alert" className={classes.problem}>
          {wordsOf(draft.problem)}
        </p>
      )}
      {grant.allow_all_scopes === true ? (
        <p className="quiet">This grant holds all scopes of the API, those that it gets later too.</p>
      ) : (
        <ScopePicker
          scopes={scopes}
          chosen={draft.chosen}
          choose={draft.choose}
          isReadOnly={!mayUpdate || !draft.isReady || draft.isSaving}
        />
      )}
      {draft.isChanged && (
        <div className={classes.update}>
          <Button variant="default" size="xs" onClick={draft.discard} disabled={draft.isSaving}>
            Discard
          </Button>
          <Button size="xs" loading={draft.isSaving} onClick={() => void draft.save()}>
            Update
          </Button>
        </div>
      )}
    </>
  );
}
