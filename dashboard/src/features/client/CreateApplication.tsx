import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api, data } from '../../api/client';
import { wordsOf } from '../../ui/Failure';

/** A machine-to-machine application needs a name only; which APIs it may use is said on its own page. */
export function CreateApplication({ opened, close }: { opened: boolean; close: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [creating, setCreating] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setCreating(true);
    setProblem(undefined);
    try {
      const made = await data(
        api.POST('/clients', {
          body: {
            name,
            app_type: 'non_interactive',
            grant_types: ['client_credentials'],
            token_endpoint_auth_method: 'client_secret_post',
          },
        }),
      );
      setName('');
      close();
      void client.invalidateQueries({ queryKey: ['clients'] });
      await navigate({
        to: '/applications/$clientId/{-$tab}',
        params: { clientId: made?.client_id ?? '', tab: 'apis' },
      });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setCreating(false);
    }
  }

  return (
    <Modal opened={opened} onClose={close} title="Create application">
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          description="The program that will ask for tokens. It can be changed later."
          placeholder="Nightly upload"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={
            problem === undefined
              ? undefined
              : problem instanceof ApiProblem
                ? problem.reason
                : wordsOf(problem)
          }
          maxLength={255}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Group justify="flex-end" gap={8} mt={16}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={creating}>
            Create application
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
