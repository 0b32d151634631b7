import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { appAt } from './appAt';

test('every page leads to the documentation that the server has', async () => {
  appAt('/overview', [], {});
  const link = await screen.findByRole('link', { name: 'Documentation' });
  expect(link.getAttribute('href')).toBe('/docs/');
});
