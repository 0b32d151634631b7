import { queryOptions } from '@tanstack/react-query';
import { api, ifMatch, type Tagged, tagged } from '../../api/client';
import { type Action, type Kind, loadScript, MOST, ofAction, type Script } from './scripts';

export interface SecretName {
  name: string;
  updated_at?: string;
}

const LONGEST_NAME = 128;
export const LONGEST_VALUE = 4096;

/** The names of a script's secrets, with the tag of that list; nothing shows their values. */
async function loadSecrets(kind: Kind, id: string): Promise<Tagged<SecretName[]>> {
  if (kind === 'hook') {
    const { value, etag } = await tagged<Record<string, string>>(
      api.GET('/hooks/{id}/secrets', { params: { path: { id } } }),
    );
    return { value: Object.keys(value).map((name) => ({ name })), etag };
  }
  const { value, etag } = await loadScript(kind, id);
  return { value: value.kind === 'action' ? value.action.secrets : [], etag };
}

export const secretsQuery = (kind: Kind, id: string) =>
  queryOptions({ queryKey: ['extensions', kind, id, 'secrets'], queryFn: () => loadSecrets(kind, id) });

/** What is wrong with the name of a new secret. */
export function secretProblem(kind: Kind, present: SecretName[], name: string): string | undefined {
  const most = kind === 'hook' ? MOST.hookSecrets : MOST.actionSecrets;
  if (name === '') {
    return 'Give it a name';
  }
  if (name.length > LONGEST_NAME) {
    return `At most ${LONGEST_NAME} characters`;
  }
  if (present.some((secret) => secret.name === name)) {
    return 'There is a secret of this name; replace its value in the list';
  }
  return present.length >= most ? `There are ${most} secrets, as many as there can be` : undefined;
}

async function patchAction(
  id: string,
  secrets: { name: string; value?: string }[],
  etag: string,
): Promise<Tagged<Script>> {
  return ofAction(
    await tagged<Action>(
      api.PATCH('/actions/actions/{id}', {
        params: { path: { id } },
        headers: ifMatch(etag),
        body: { secrets },
      }),
    ),
  );
}

/** Adds a secret or replaces its value; answers the Action that it made of the one before. */
export async function setSecret(
  kind: Kind,
  id: string,
  { value: present, etag }: Tagged<SecretName[]>,
  name: string,
  value: string,
): Promise<Tagged<Script> | undefined> {
  const isThere = present.some((secret) => secret.name === name);
  if (kind === 'action') {
    // Those that are sent without a value keep theirs.
    const others = present.filter((secret) => secret.name !== name).map((secret) => ({ name: secret.name }));
    return patchAction(id, [...others, { name, value }], etag);
  }
  const init = { params: { path: { id } }, headers: ifMatch(etag), body: { [name]: value } };
  await (isThere ? api.PATCH('/hooks/{id}/secrets', init) : api.POST('/hooks/{id}/secrets', init));
  return undefined;
}

export async function removeSecret(
  kind: Kind,
  id: string,
  { value: present, etag }: Tagged<SecretName[]>,
  name: string,
): Promise<Tagged<Script> | undefined> {
  if (kind === 'action') {
    const others = present.filter((secret) => secret.name !== name).map((secret) => ({ name: secret.name }));
    return patchAction(id, others, etag);
  }
  await api.DELETE('/hooks/{id}/secrets', {
    params: { path: { id } },
    headers: ifMatch(etag),
    body: [name],
  });
  return undefined;
}
