import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api, data } from '../../api/client';
import { wordsOf } from '../../ui/Failure';
import { ALGORITHMS, type Algorithm, algorithmHelp } from './algorithms';

type Field = 'name' | 'identifier' | 'signing_alg';

interface Refusal {
  field: Field;
  words: string;
}

/** Which field a refusal is about; that an identifier is taken (409) names none. */
function refusalOf(failure: unknown): Refusal {
  const words = wordsOf(failure);
  if (failure instanceof ApiProblem) {
    if (failure.status === 409) {
      return { field: 'identifier', words: 'There is an API with this identifier already' };
    }
    if (failure.field === 'identifier' || failure.field === 'signing_alg') {
      return { field: failure.field, words: failure.reason };
    }
    if (failure.field === 'name') {
      return { field: 'name', words: 'A name has no < or >, and at most 200 characters' };
    }
  }
  return { field: 'name', words };
}

/** An API needs a name and an identifier; its scopes are said on its own page. */
export function CreateApi({ opened, close }: { opened: boolean; close: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [identifier, setIdentifier] = useState('');
  const [algorithm, setAlgorithm] = useState<Algorithm>('RS256');
  const [refusal, setRefusal] = useState<Refusal>();
  const [creating, setCreating] = useState(false);

  function refuse(given: Refusal): void {
    setRefusal(given);
    document.querySelector<HTMLElement>(`form [name="${given.field}"]`)?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (identifier !== identifier.trim()) {
      refuse({ field: 'identifier', words: 'It begins or ends with a space, which would be part of it' });
      return;
    }
    setCreating(true);
    setRefusal(undefined);
    try {
      const made = await data(
        api.POST('/resource-servers', { body: { name, identifier, signing_alg: algorithm } }),
      );
      setName('');
      setIdentifier('');
      setAlgorithm('RS256');
      close();
      void client.invalidateQueries({ queryKey: ['apis'] });
      await navigate({
        to: '/apis/$apiId/{-$tab}',
        params: { apiId: made?.id ?? '', tab: 'permissions' },
      });
    } catch (failure) {
      refuse(refusalOf(failure));
    } finally {
      setCreating(false);
    }
  }

  const of = (field: Field) => ({
    name: field,
    error: refusal?.field === field ? refusal.words : undefined,
  });
  return (
    <Modal opened={opened} onClose={close} title="Create API">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap={16}>
          <TextInput
            {...of('name')}
            label="Name"
            description="For people. It can be changed later."
            placeholder="Orders"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            withAsterisk={false}
            data-autofocus
          />
          <TextInput
            {...of('identifier')}
            label="Identifier"
            description="The audience of its tokens, as a rule its URL, which is never called. It cannot be changed later. It must match exactly what applications ask for: with a slash at the end it is another one."
            placeholder="https://orders.example.com"
            classNames={{ input: 'mono' }}
            value={identifier}
            onChange={(event) => setIdentifier(event.currentTarget.value)}
            maxLength={600}
            required
            withAsterisk={false}
            spellCheck={false}
            autoComplete="off"
          />
          <NativeSelect
            {...of('signing_alg')}
            label="Signing algorithm"
            description={algorithmHelp(algorithm)}
            data={ALGORITHMS.map(({ value, label }) => ({ value, label }))}
            value={algorithm}
            onChange={(event) => setAlgorithm(event.currentTarget.value as Algorithm)}
          />
        </Stack>
        <Group justify="flex-end" gap={8} mt={16}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={creating}>
            Create API
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
