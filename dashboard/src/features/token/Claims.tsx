import { useEffect, useState } from 'react';
import { duration } from '../../ui/figures';
import classes from './Claims.module.css';

const WORDS: Record<string, string> = {
  iss: 'Issuer: the server that signed it',
  sub: 'Subject: whom it stands for',
  aud: 'Audience: the API that it is for',
  iat: 'Issued at',
  exp: 'Expires at',
  nbf: 'Not valid before',
  scope: 'Scopes: what its bearer may do there',
  permissions: 'Permissions: what its bearer may do there',
  gty: 'Grant type by which it was had',
  azp: 'Authorized party: the application that asked',
  client_id: 'The application that asked',
  jti: 'Its own id; the log has it too',
  alg: 'Algorithm of the signature',
  kid: 'Key: which of the server’s keys signed it',
  typ: 'Type of the token',
};
const TIMES = new Set(['iat', 'exp', 'nbf']);

/** The members of a token's header or payload, each with a plain word for it. */
export function Claims({ label, members }: { label: string; members: Record<string, unknown> }) {
  return (
    <table className={classes.claims} aria-label={label}>
      <thead>
        <tr>
          <th>{label}</th>
          <th>Value</th>
          <th>What it is</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(members).map(([name, value]) => (
          <tr key={name}>
            <th scope="row" className="mono">
              <bdi>{name}</bdi>
            </th>
            <td className="mono">
              <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
            </td>
            <td className="quiet">
              {WORDS[name] ?? 'A custom claim'}
              {TIMES.has(name) && typeof value === 'number' && <Moment name={name} seconds={value} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The instant in UTC; for `exp` how long there is. */
function Moment({ name, seconds }: { name: string; seconds: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) {
    return null;
  }
  const left = Math.round(seconds - now / 1000);
  return (
    <>
      : {date.toISOString().slice(0, 19).replace('T', ' ')} UTC
      {name === 'exp' && (left > 0 ? `, in ${clock(left)}` : `, expired ${duration(-left)} ago`)}
    </>
  );
}

/** 3,725 seconds as 1:02:05. */
function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
