import { Radio, Stack } from '@mantine/core';
import type { Role } from '../../session/session';

/** What each role may, in words; the scopes are in the server's `Role`. */
export const ROLES: Record<Role, { label: string; words: string }> = {
  viewer: { label: 'Viewer', words: 'Looks at everything, and sees no secret.' },
  editor: {
    label: 'Editor',
    words:
      'Also changes applications, APIs, grants, Hooks and Actions, and sees the secrets of applications and APIs.',
  },
  owner: { label: 'Owner', words: 'Does everything: also keys, settings and administrators.' },
};

export function RoleChoice({ role, choose }: { role: Role; choose: (role: Role) => void }) {
  return (
    <Radio.Group label="Role" value={role} onChange={(value) => choose(value as Role)}>
      <Stack gap={12} mt={8}>
        {Object.entries(ROLES).map(([value, { label, words }]) => (
          <Radio key={value} value={value} label={label} description={words} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
