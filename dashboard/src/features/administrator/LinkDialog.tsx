import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Code } from '../../ui/Code';
import { wordsOf } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { linksQuery, type OneTimeLink } from './administrators';

interface Props {
  title: string;
  /** What is chosen, or read, before the link is made. */
  children: ReactNode;
  make: () => Promise<OneTimeLink>;
  /** What to do with the link, in a sentence. */
  advice: ReactNode;
  close: () => void;
}

/** Makes a one-time link and shows it, this once; a click beside the dialog does not lose it. */
export function LinkDialog({ title, children, make, advice, close }: Props) {
  const client = useQueryClient();
  const [link, setLink] = useState<OneTimeLink>();
  const [problem, setProblem] = useState<unknown>();
  const [asking, setAsking] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAsking(true);
    setProblem(undefined);
    try {
      setLink(await make());
      void client.invalidateQueries({ queryKey: linksQuery.queryKey });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setAsking(false);
    }
  }

  if (link !== undefined) {
    return (
      <Modal
        opened
        onClose={close}
        title={title}
        size="lg"
        closeOnClickOutside={false}
        closeOnEscape={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap={16}>
          <div>{advice}</div>
          <Code text={link.url} what="link" head={<span className="quiet">One-time link</span>} />
          <div role="status">
            It works once, until {link.expires_at.slice(0, 16).replace('T', ' ')} UTC (
            <Time at={link.expires_at} />
            ). It is shown only now: whoever has it can use it.
          </div>
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={close} title={title} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap={16}>
          {children}
          {problem !== undefined && (
            <Alert color="red" variant="outline" role="alert" title="No link was made">
              {wordsOf(problem)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={asking}>
              Make link
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
