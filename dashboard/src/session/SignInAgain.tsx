import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { whenSignedOut } from '../api/client';
import { SignInForm } from './SignInForm';
import { useSession } from './session';

/** Asks for the password again over the page when the session is over, so that what was typed there stays. */
export function SignInAgain() {
  const [over, setOver] = useState(false);
  const { administrator } = useSession();
  const client = useQueryClient();
  useEffect(() => whenSignedOut(() => setOver(true)), []);
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
            void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
          }}
        />
      )}
    </Modal>
  );
}
