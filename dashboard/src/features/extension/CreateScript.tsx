import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api, type Tagged, tagged } from '../../api/client';
import { wordsOf } from '../../ui/Failure';
import {
  type Action,
  type Hook,
  type Kind,
  ofAction,
  ofHook,
  remember,
  type Script,
  TRIGGER,
  WORDS,
} from './scripts';
import { nameProblem, TEMPLATES } from './templates';

async function create(kind: Kind, name: string, code: string): Promise<Tagged<Script>> {
  return kind === 'hook'
    ? ofHook(
        await tagged<Hook>(
          api.POST('/hooks', { body: { name, script: code, triggerId: TRIGGER, enabled: false } }),
        ),
      )
    : ofAction(
        await tagged<Action>(
          api.POST('/actions/actions', {
            body: { name, code, supported_triggers: [{ id: TRIGGER, version: 'v2' }] },
          }),
        ),
      );
}

/** A new Hook or Action needs a name and something to begin with; it runs nowhere yet. */
export function CreateScript({ kind, close }: { kind: Kind | undefined; close: () => void }) {
  return (
    <Modal
      opened={kind !== undefined}
      onClose={close}
      title={kind === undefined ? '' : `Create ${WORDS[kind].one}`}
    >
      {kind !== undefined && <CreateForm kind={kind} close={close} />}
    </Modal>
  );
}

function CreateForm({ kind, close }: { kind: Kind; close: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const templates = TEMPLATES[kind];
  const [name, setName] = useState('');
  const [template, setTemplate] = useState(templates[0]?.label ?? '');
  const [problem, setProblem] = useState<string>();
  const [creating, setCreating] = useState(false);
  const word = WORDS[kind].one;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wrong = nameProblem(kind, name);
    setProblem(wrong);
    if (wrong !== undefined) {
      return;
    }
    setCreating(true);
    try {
      const code = templates.find((each) => each.label === template)?.code ?? '';
      const made = await create(kind, name, code);
      remember(queries, made);
      const { id } = made.value;
      await (kind === 'hook'
        ? navigate({ to: '/extensions/hooks/$hookId/{-$tab}', params: { hookId: id } })
        : navigate({ to: '/extensions/actions/$actionId/{-$tab}', params: { actionId: id } }));
    } catch (failure) {
      setProblem(failure instanceof ApiProblem && failure.status > 0 ? failure.reason : wordsOf(failure));
    } finally {
      setCreating(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        description={
          kind === 'hook'
            ? 'Letters, digits, spaces and hyphens. It can be changed later.'
            : 'It can be changed later.'
        }
        placeholder="Plan claim"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={problem}
        maxLength={255}
        required
        withAsterisk={false}
        data-autofocus
      />
      <Radio.Group label="Begin with" value={template} onChange={setTemplate} mt={16}>
        <Stack gap={8} mt={8}>
          {templates.map(({ label, words }) => (
            <Radio key={label} value={label} label={label} description={words} />
          ))}
        </Stack>
      </Radio.Group>
      <p className="quiet">
        {kind === 'hook'
          ? 'It is made disabled: it runs once you enable it.'
          : 'It is made as a draft: it runs once you deploy and bind it.'}
      </p>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={creating}>
          Create {word}
        </Button>
      </Group>
    </form>
  );
}
