import { Alert, Button, Checkbox, Group, Modal, Radio, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '../../api/client';
import { outcomeOf, wordsOf } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { type Algorithm, rotate, type SigningKey } from './signingKeys';

interface Props {
  keys: SigningKey[];
  /** Those of which there are keys. */
  algorithms: Algorithm[];
  close: () => void;
}

/** From when on the next key may sign, if that is why it was refused. */
export function allowedFrom(problem: unknown): string | undefined {
  if (!(problem instanceof ApiProblem) || problem.code !== 'signing_key_rotation_too_early') {
    return undefined;
  }
  return /rotate after (\S+Z)/.exec(problem.message)?.[1];
}

/** What a rotation does, and does it; if the next key is too young it says until when, and what forcing it breaks. */
export function RotateKey({ keys, algorithms, close }: Props) {
  const client = useQueryClient();
  const [alg, setAlg] = useState<Algorithm>(algorithms[0] ?? 'RS256');
  const [problem, setProblem] = useState<unknown>();
  const [force, setForce] = useState(false);
  const [running, setRunning] = useState(false);
  const isTooEarly = problem instanceof ApiProblem && problem.code === 'signing_key_rotation_too_early';
  const current = keys.find((key) => key.alg === alg && key.current);
  const next = keys.find((key) => key.alg === alg && key.next);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setRunning(true);
    try {
      await rotate(alg, force);
      await client.invalidateQueries({ queryKey: ['keys'] });
      close();
    } catch (failure) {
      setProblem(failure);
    } finally {
      setRunning(false);
    }
  }

  return (
    <Modal opened onClose={close} title="Rotate key" size="lg">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap={16}>
          {algorithms.length > 1 && (
            <Radio.Group
              label="Which key"
              value={alg}
              onChange={(value) => {
                setAlg(value as Algorithm);
                setProblem(undefined);
                setForce(false);
              }}
            >
              <Group gap={16} mt={4}>
                {algorithms.map((one) => (
                  <Radio key={one} value={one} label={one} />
                ))}
              </Group>
            </Radio.Group>
          )}
          <div>
            <p>
              The next key <bdi className="mono">{next?.kid}</bdi> signs from now on. A new next key is made
              and published.
            </p>
            <p>
              The current key <bdi className="mono">{current?.kid}</bdi> becomes the previous one: its tokens
              stay good until they expire. Nothing has to be done at the applications and the APIs.
            </p>
          </div>
          {isTooEarly && (
            <Alert color="yellow" variant="outline" title="The next key is too young" role="alert">
              APIs may have fetched the JWKS before it was in there, and would refuse the new tokens. It may
              sign <Allowed problem={problem} />.
              <Checkbox
                mt={12}
                label="Rotate all the same"
                description="For when the current key is stolen: APIs refuse new tokens until they fetch the JWKS again."
                checked={force}
                onChange={(event) => setForce(event.currentTarget.checked)}
              />
            </Alert>
          )}
          {problem !== undefined && !isTooEarly && (
            <Alert
              color="red"
              variant="outline"
              title={outcomeOf(problem, 'The key was not rotated')}
              role="alert"
            >
              {wordsOf(problem)}
            </Alert>
          )}
          <Group justify="flex-end" gap={8}>
            {isTooEarly && !force && (
              <span className="quiet">Wait, or say that it should be all the same.</span>
            )}
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={running} disabled={isTooEarly && !force}>
              Rotate key
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Allowed({ problem }: { problem: unknown }) {
  const from = allowedFrom(problem);
  if (from === undefined) {
    return 'later';
  }
  return (
    <>
      <Time at={from} /> ({from.slice(0, 19).replace('T', ' ')} UTC)
    </>
  );
}
