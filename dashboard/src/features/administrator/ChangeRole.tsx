import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { sessionQuery, useSession } from '../../session/session';
import { outcomeOf, wordsOf } from '../../ui/Failure';
import { type Administrator, administratorsQuery, changeRole } from './administrators';
import { RoleChoice } from './RoleChoice';

export function ChangeRole({ of, close }: { of: Administrator; close: () => void }) {
  const client = useQueryClient();
  const isMine = useSession().administrator.id === of.id;
  const [role, setRole] = useState(of.role);
  const [problem, setProblem] = useState<unknown>();
  const [saving, setSaving] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSaving(true);
    setProblem(undefined);
    try {
      await changeRole(of.id, role);
      if (isMine) {
        await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      }
      await client.invalidateQueries({ queryKey: administratorsQuery.queryKey });
      close();
    } catch (failure) {
      setProblem(failure);
    } finally {
      setSaving(false);
    }
  }

  return (
    <Modal
      opened
      onClose={close}
      title={
        <>
          Change the role of <bdi>{of.name}</bdi>
        </>
      }
      size="lg"
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap={16}>
          <RoleChoice role={role} choose={setRole} />
          <p>
            It acts at once, on sessions that are open too. Links that <bdi>{of.name}</bdi> made and nobody
            has used end with it.
            {isMine && role !== of.role && ' This is your own role: only another owner can give it back.'}
          </p>
          {problem !== undefined && (
            <Alert
              color="red"
              variant="outline"
              role="alert"
              title={outcomeOf(problem, 'The role is as it was')}
            >
              {wordsOf(problem)}
            </Alert>
          )}
          <Group justify="flex-end">
            {role === of.role && <span className="quiet">This is the role of today.</span>}
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={saving} disabled={role === of.role}>
              Change role
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
