import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { appAt, refusal } from '../../app/appAt';

const user = userEvent.setup({ delay: null });
const PATH = '/api/v2/actions/actions/a1';

test('a deploy that was made is not called a failure where the Action cannot be loaded anew', async () => {
  let isDeployed = false;
  const { asked } = appAt('/extensions/actions/a1/secrets', ['read:actions', 'create:actions'], {
    [`GET ${PATH}`]: () =>
      isDeployed
        ? refusal(503, 'Not now', 'temporarily_unavailable')
        : { id: 'a1', name: 'Region', code: '', dependencies: [], secrets: [], all_changes_deployed: false },
    [`POST ${PATH}/deploy`]: () => {
      isDeployed = true;
      return {};
    },
    'GET /api/v2/actions/triggers/credentials-exchange/bindings': () => ({ bindings: [] }),
  });
  await user.click(await screen.findByText('Deploy'));
  await vi.waitFor(() => expect(asked.filter(({ url }) => url.pathname === PATH).length).toBeGreaterThan(2));
  await vi.waitFor(() =>
    expect(screen.getByText('Deploy').closest('button')?.dataset.loading).toBeUndefined(),
  );
  expect(screen.queryByRole('alert')).toBeNull();
});

const Stub = () => <p>The editor</p>;

test('who has fetched the editor has the comparison too, which may be gone from the server when it is needed', async () => {
  const fetched: string[] = [];
  vi.doMock('./CodeEditor', () => {
    fetched.push('editor');
    return { CodeEditor: Stub };
  });
  vi.doMock('./CodeDiff', () => {
    fetched.push('comparison');
    return { CodeDiff: Stub };
  });
  appAt('/extensions/hooks/h1', ['read:hooks'], {
    'GET /api/v2/hooks/h1': () => ({ id: 'h1', name: 'Plan', script: '', dependencies: {}, enabled: true }),
    'GET /api/v2/hooks/h1/secrets': () => ({}),
  });
  await screen.findByText('The editor');
  expect(fetched.sort()).toEqual(['comparison', 'editor']);
});
