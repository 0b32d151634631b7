import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../session/session';
import { CopyButton } from '../../ui/CopyButton';
import { Danger, DangerZone } from '../../ui/Danger';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { Time, UNKNOWN } from '../../ui/figures';
import { Identity } from '../../ui/Identity';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Status } from '../../ui/Status';
import { type Column, Table } from '../../ui/Table';
import { Impact } from '../usage/Impact';
import classes from './KeysPage.module.css';
import { RotateKey } from './RotateKey';
import {
  type Algorithm,
  jwksQuery,
  KEY_TABS,
  revoke,
  type SigningKey,
  signingKeysQuery,
} from './signingKeys';

const ALGORITHMS: Record<Algorithm, string> = {
  RS256: 'RSA, for RS256, RS512 and PS256',
  ES256: 'EC P-256, for ES256',
  EdDSA: 'Ed25519, for EdDSA',
};

export function KeysPage() {
  const may = useMay('read:signing_keys');
  const mayUpdate = useMay('update:signing_keys');
  const mayRotate = useMay('create:signing_keys') && mayUpdate;
  const keys = useQuery({ ...signingKeysQuery, enabled: may });
  const [rotating, setRotating] = useState(false);
  const algorithms = (Object.keys(ALGORITHMS) as Algorithm[]).filter((alg) =>
    keys.data?.some((key) => key.alg === alg),
  );
  return (
    <>
      <PageHead
        title="Keys"
        tabs={KEY_TABS}
        action={
          mayRotate && algorithms.length > 0 ? (
            <Button onClick={() => setRotating(true)}>Rotate key</Button>
          ) : undefined
        }
      />
      {!may && <Empty>Your role may not see the signing keys. The public halves are in the JWKS.</Empty>}
      {may && keys.isPending && <Loading rows={6} />}
      {keys.isError && (
        <Failure
          what="The signing keys cannot be listed"
          problem={keys.error}
          retry={() => void keys.refetch()}
        />
      )}
      {keys.isSuccess && (
        <>
          <p className={classes.words}>
            The server signs access tokens with the current key. The next one is published long before it
            signs, so that APIs know it; the previous one stays published until its last token has expired.
            {!mayRotate && ' Your role may not rotate keys.'}
          </p>
          {algorithms.map((alg) => (
            <KeysOf key={alg} alg={alg} keys={keys.data.filter((key) => key.alg === alg)} />
          ))}
          <Revocation previous={keys.data.filter((key) => key.previous)} mayUpdate={mayUpdate} />
        </>
      )}
      {rotating && keys.isSuccess && (
        <RotateKey keys={keys.data} algorithms={algorithms} close={() => setRotating(false)} />
      )}
    </>
  );
}

const STATES = [
  { of: 'current', means: 'granted', label: 'Current', words: 'signs now' },
  { of: 'next', means: 'neutral', label: 'Next', words: 'signs after the next rotation' },
  { of: 'previous', means: 'expiring', label: 'Previous', words: 'its tokens are still honoured' },
  { of: 'revoked', means: 'refused', label: 'Revoked', words: 'its tokens are refused' },
] as const;

function rank(key: SigningKey): number {
  return STATES.findIndex((state) => key[state.of]);
}

function KeysOf({ alg, keys }: { alg: Algorithm; keys: SigningKey[] }) {
  const jwks = useQuery(jwksQuery);
  const published = new Set(jwks.data?.map((key) => key.kid));
  const rows = keys.toSorted(
    (a, b) => rank(a) - rank(b) || (b.current_since ?? '').localeCompare(a.current_since ?? ''),
  );
  const columns: Column<SigningKey>[] = [
    {
      head: 'State',
      width: 260,
      cell: (key) => {
        const state = STATES.find(({ of }) => key[of]);
        return state === undefined ? (
          UNKNOWN
        ) : (
          <>
            <Status means={state.means}>{state.label}</Status>{' '}
            <span className={`quiet ${classes.meaning}`}>{state.words}</span>
          </>
        );
      },
    },
    { head: 'Key ID', cell: (key) => <Identity label="Key ID" value={key.kid} hideLabel /> },
    { head: 'Since', width: 120, cell: (key) => <Time at={key.current_since} /> },
    {
      head: 'Until',
      width: 120,
      cell: (key) => <Time at={key.revoked_at ?? key.current_until} />,
    },
    {
      head: 'In the JWKS',
      width: 110,
      cell: (key) =>
        jwks.isSuccess ? published.has(key.kid) ? 'Yes' : <span className="quiet">No</span> : UNKNOWN,
    },
    {
      head: 'Certificate',
      width: 100,
      cell: (key) => <CopyButton value={key.cert} what={`certificate of ${key.kid} (PEM)`} />,
    },
  ];
  return (
    <section className={classes.algorithm}>
      <h2 className={classes.title}>{ALGORITHMS[alg]}</h2>
      <Table label={`Keys for ${alg}`} columns={columns} rows={rows} id={(key) => key.kid} />
    </section>
  );
}

function Revocation({ previous, mayUpdate }: { previous: SigningKey[]; mayUpdate: boolean }) {
  const client = useQueryClient();
  return (
    <DangerZone>
      {previous.length === 0 && (
        <p className="quiet">
          Only a previous key can be revoked, and there is none. If the current key is stolen, rotate first.
        </p>
      )}
      {previous.map((key) => (
        <Danger
          key={key.kid}
          title={`Revoke the previous key ${key.kid}`}
          words="Takes it out of the JWKS for good. Do it when somebody may have the private key; else it goes by itself when its last token has expired."
          button="Revoke key"
          why={mayUpdate ? undefined : 'Your role may not revoke keys'}
          name={key.kid}
          impact={
            <Impact
              of="signing-keys"
              id={key.kid}
              consequence="Every token that it signed is refused as soon as APIs fetch the JWKS again, also those that have not expired; applications have to ask for new ones."
            />
          }
          run={async () => {
            await revoke(key.kid);
            await client.invalidateQueries({ queryKey: ['keys'] });
          }}
        />
      ))}
      <p className={classes.hint}>
        Is a token signed by one of these? The <Link to="/keys/debugger">token debugger</Link> tells.
      </p>
    </DangerZone>
  );
}
