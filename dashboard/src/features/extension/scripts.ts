import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';

export type Kind = 'hook' | 'action';
export type Hook = Schemas['Hook'];
export type Action = Schemas['Action'];

/** A Hook as a list shows it: without its code. */
export type HookRow = Omit<Hook, 'script'>;

export interface Dependency {
  name: string;
  version: string;
}

/** What Hooks and Actions have in common, so that one set of tabs serves both. */
interface Shared {
  id: string;
  name: string;
  /** As saved; of an Action that is the draft. */
  code: string;
  dependencies: Dependency[];
}

export type HookScript = Shared & { kind: 'hook'; hook: Hook };
export type ActionScript = Shared & { kind: 'action'; action: Action };
export type Script = HookScript | ActionScript;

/** What may be changed of a script by one request. */
export interface Changes {
  name?: string;
  code?: string;
  dependencies?: Dependency[];
}

export const WORDS: Record<Kind, { one: string; file: string }> = {
  hook: { one: 'Hook', file: 'hook.js' },
  action: { one: 'Action', file: 'action.js' },
};

export const TRIGGER = 'credentials-exchange';

/** The server's limits. */
export const MOST = { hookSecrets: 20, actionSecrets: 30, dependencies: 10, codeBytes: 100_000 };

export function ofHook({ value: hook, etag }: Tagged<Hook>): Tagged<HookScript> {
  const dependencies = Object.entries(hook.dependencies).map(([name, version]) => ({ name, version }));
  return {
    value: { kind: 'hook', id: hook.id, name: hook.name, code: hook.script, dependencies, hook },
    etag,
  };
}

export function ofAction({ value: action, etag }: Tagged<Action>): Tagged<ActionScript> {
  const { id, name, code, dependencies } = action;
  return { value: { kind: 'action', id, name, code, dependencies, action }, etag };
}

export async function loadScript(kind: Kind, id: string): Promise<Tagged<Script>> {
  const params = { path: { id } };
  return kind === 'hook'
    ? ofHook(await tagged<Hook>(api.GET('/hooks/{id}', { params })))
    : ofAction(await tagged<Action>(api.GET('/actions/actions/{id}', { params })));
}

export const scriptQuery = (kind: Kind, id: string) =>
  queryOptions({ queryKey: ['extensions', kind, id], queryFn: () => loadScript(kind, id) });

/** Sends what changed; refused with 412 if the script is no longer what it was made from. */
export async function saveScript(
  kind: Kind,
  id: string,
  { name, code, dependencies }: Changes,
  etag: string,
): Promise<Tagged<Script>> {
  const params = { path: { id } };
  const headers = ifMatch(etag);
  const named = name === undefined ? {} : { name };
  if (kind === 'hook') {
    const body = {
      ...named,
      ...(code === undefined ? {} : { script: code }),
      ...(dependencies === undefined
        ? {}
        : { dependencies: Object.fromEntries(dependencies.map((each) => [each.name, each.version])) }),
    };
    return ofHook(await tagged<Hook>(api.PATCH('/hooks/{id}', { params, headers, body })));
  }
  const body = {
    ...named,
    ...(code === undefined ? {} : { code }),
    ...(dependencies === undefined ? {} : { dependencies }),
  };
  return ofAction(await tagged<Action>(api.PATCH('/actions/actions/{id}', { params, headers, body })));
}

/** Has all pages show what a change answered, and the lists ask again. */
export function remember(queries: QueryClient, now: Tagged<Script>): void {
  queries.setQueryData(scriptQuery(now.value.kind, now.value.id).queryKey, now);
  void queries.invalidateQueries({ queryKey: ['extensions', 'lists'] });
}

/** The first hundred; there are seldom more than a few, and one of them is enabled. */
export const hooksQuery = queryOptions({
  queryKey: ['extensions', 'lists', 'hooks'],
  queryFn: async ({ signal }) =>
    (await data(api.GET('/hooks', { params: { query: { per_page: 100 } }, signal }))) as HookRow[],
});

/** All of them: the server keeps a hundred at most. */
export const actionsQuery = queryOptions({
  queryKey: ['extensions', 'lists', 'actions'],
  queryFn: async ({ signal }) =>
    (await data(api.GET('/actions/actions', { params: { query: { per_page: 100 } }, signal }))).actions,
});

export async function setEnabled(hook: Hook | HookRow, enabled: boolean, etag = ''): Promise<Tagged<Script>> {
  return ofHook(
    await tagged<Hook>(
      api.PATCH('/hooks/{id}', {
        params: { path: { id: hook.id } },
        headers: ifMatch(etag),
        body: { enabled },
      }),
    ),
  );
}
