import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/client';
import { Confirm } from './Danger';
import { Time } from './figures';
import { Secret } from './Secret';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const show = (part: ReactNode) => render(<MantineProvider env="test">{part}</MantineProvider>);
const click = (name: string) => act(async () => void fireEvent.click(screen.getByRole('button', { name })));

test('a secret is dots of one length, shown when asked for, and hidden after 30 seconds', async () => {
  show(<Secret label="Client secret" reveal={async () => 'short'} />);
  const dots = '•'.repeat(32);
  expect(screen.getByText(dots)).toBeTruthy();
  await click('Reveal');
  expect(screen.getByText('short')).toBeTruthy();
  act(() => void vi.advanceTimersByTime(29_999));
  expect(screen.getByText('short')).toBeTruthy();
  act(() => void vi.advanceTimersByTime(1));
  expect(screen.queryByText('short')).toBeNull();
  expect(screen.getByText(dots)).toBeTruthy();
});

test('a secret that cannot be shown says why and offers no button', () => {
  show(<Secret label="Client secret" reveal={async () => 'x'} why="Your role may not read secrets." />);
  expect(screen.getByText('Your role may not read secrets.')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a new secret that cannot be shown again stays until it is hidden, and says so', async () => {
  show(
    <Secret
      label="Client secret"
      reveal={async () => 'x'}
      why="It was shown when it was made."
      fresh="new"
    />,
  );
  expect(screen.getByText(/Copy it now: it is not shown again/)).toBeTruthy();
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByText('new')).toBeTruthy();
  await click('Hide');
  expect(screen.queryByText('new')).toBeNull();
  expect(screen.getByText('It was shown when it was made.')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a refusal to show a secret is said with its request id', async () => {
  const reveal = () => Promise.reject(new ApiProblem(403, 'It holds more than you may', undefined, 'r1'));
  show(<Secret label="Client secret" reveal={reveal} />);
  await click('Reveal');
  expect(screen.getByRole('alert').textContent).toBe('It holds more than you may (request r1)');
});

function confirm(run: () => Promise<void>): { closed: () => number } {
  const close = vi.fn();
  show(
    <Confirm
      opened
      close={close}
      button="Delete API"
      name="Orders  API"
      impact={<p>2 grants</p>}
      run={run}
    />,
  );
  return { closed: () => close.mock.calls.length };
}

const type = (text: string): void =>
  void fireEvent.change(screen.getByRole('textbox'), { target: { value: text } });

test('a destructive act needs the whole name', async () => {
  const run = vi.fn(async () => {});
  const { closed } = confirm(run);
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete API' });
  type('Orders');
  expect(button.disabled).toBe(true);
  fireEvent.submit(screen.getByRole('textbox'));
  expect(run).not.toHaveBeenCalled();
  type('Orders  API ');
  expect(button.disabled).toBe(false);
  await click('Delete API');
  expect(run).toHaveBeenCalledOnce();
  expect(closed()).toBe(1);
});

test('a destructive act that fails stays open, says why and keeps the name', async () => {
  const { closed } = confirm(() => Promise.reject(new ApiProblem(409, 'ada is the last owner')));
  type('Orders  API');
  await click('Delete API');
  expect(screen.getByText('ada is the last owner')).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Orders  API');
  expect(closed()).toBe(0);
});

test('an act that can be taken back needs one click', async () => {
  const run = vi.fn(async () => {});
  show(<Confirm opened close={() => {}} button="Enable Hook" impact={<p>It runs</p>} run={run} />);
  expect(screen.queryByRole('textbox')).toBeNull();
  await click('Enable Hook');
  expect(run).toHaveBeenCalledOnce();
});

test('a moment is told from now, though no time was shown for an hour', () => {
  vi.advanceTimersByTime(3_600_000);
  show(<Time at={new Date().toISOString()} />);
  expect(screen.getByText('just now')).toBeTruthy();
});
