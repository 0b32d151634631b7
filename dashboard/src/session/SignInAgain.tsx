import { Anchor, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { whenRefusedAsForged, whenSignedOut } from '../api/client';
import classes from './Gate.module.css';
import { SignInForm } from './SignInForm';
import { renewSession, useSession } from './session';

/** What waits until somebody is signed in again. */
interface Waiting {
  until: Promise<void>;
  end: () => void;
}

function waiting(): Waiting {
  let end = (): void => {};
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { until, end };
}

/** Asks for the password again over the page when the session is over, so that what was typed there stays. */
export function SignInAgain() {
  const [over, setOver] = useState(false);
  const requests = useRef<Waiting>(undefined);
  const { administrator } = useSession();
  const client = useQueryClient();
  useEffect(
    () =>
      whenSignedOut(() => {
        requests.current ??= waiting();
        setOver(true);
        return requests.current.until;
      }),
    [],
  );
  useEffect(() => {
    const end = whenRefusedAsForged(() => renewSession(client));
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        // What fails here fails again where it matters, and is told there.
        renewSession(client).catch(() => {});
      }
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      end();
      document.removeEventListener('visibilitychange', look);
    };
  }, [client]);
  return (
    <Modal
      opened={over}
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title="Your session is over"
    >
      <p>Sign in again to go on; what you typed on this page is still there.</p>
      {over && (
        <SignInForm
          name={administrator.name}
          done={() => {
            setOver(false);
            requests.current?.end();
            requests.current = undefined;
            void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
          }}
        />
      )}
      <p className={classes.help}>
        Not <bdi>{administrator.name}</bdi>?{' '}
        <Anchor href={import.meta.env.BASE_URL} inherit>
          Leave this page and sign in as somebody else
        </Anchor>
      </p>
    </Modal>
  );
}
