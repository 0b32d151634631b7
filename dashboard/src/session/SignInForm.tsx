import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { wordsOf } from '../ui/Failure';
import { signIn } from './session';

/** Name and password; what was typed stays when it is refused. A name that is known is not asked for. */
export function SignInForm({ name: known, done }: { name?: string; done: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [asking, setAsking] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAsking(true);
    setProblem(undefined);
    try {
      await signIn(client, name, password);
      done();
    } catch (failure) {
      setProblem(failure);
    } finally {
      setAsking(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap={16}>
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          readOnly={known !== undefined}
          required
          withAsterisk={false}
          autoFocus={known === undefined}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem === undefined ? undefined : wordsOf(problem)}
          required
          withAsterisk={false}
          autoFocus={known !== undefined}
        />
        <Button type="submit" loading={asking} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
