import { appAt, refusal } from '../../app/appAt';

const PATH = '/api/v2/clients/c1';

/** An application as the server keeps it; whatever changes it must change the tag. */
export interface Kept {
  client: Record<string, unknown>;
  tag: string;
}

export const kept = (client: Record<string, unknown> = {}): Kept => ({
  client: {
    client_id: 'c1',
    name: 'Nightly upload',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
    ...client,
  },
  tag: '"1"',
});

/** The page of that application at one of its tabs, and what was sent to change it. */
export function openApplication(
  tab: string,
  server: Kept,
  answers: Parameters<typeof appAt>[2] = {},
  scopes: string[] = ['update:client_keys', 'read:client_keys', 'read:client_credentials'],
) {
  const tags: (string | null)[] = [];
  const answer = () => Response.json(server.client, { headers: { etag: server.tag } });
  const app = appAt(`/applications/c1/${tab}`, ['read:clients', 'update:clients', ...scopes], {
    [`GET ${PATH}`]: answer,
    [`PATCH ${PATH}`]: async (_, request) => {
      tags.push(request.headers.get('if-match'));
      if (request.headers.get('if-match') !== server.tag) {
        return refusal(412, 'Somebody was first', 'precondition_failed');
      }
      // What is sent as null is removed.
      const sent = JSON.parse(await request.text(), (_key, value) => value ?? undefined);
      server.client = { ...server.client, ...sent };
      server.tag = `${server.tag}+`;
      return answer();
    },
    [`GET ${PATH}/credentials`]: () => [],
    ...answers,
  });
  const sent = () => app.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body));
  return { ...app, sent, tags };
}
