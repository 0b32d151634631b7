import { queryOptions } from '@tanstack/react-query';
import { api, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';
import { TRIGGER } from './scripts';

export type Binding = Schemas['ActionBinding'];

const params = { path: { triggerId: TRIGGER } };

/** The Actions that run, in their order. */
export const bindingsQuery = queryOptions({
  queryKey: ['extensions', 'lists', 'bindings'],
  queryFn: async (): Promise<Tagged<Binding[]>> => {
    const query = { per_page: 100 };
    const { value, etag } = await tagged<{ bindings: Binding[] }>(
      api.GET('/actions/triggers/{triggerId}/bindings', { params: { ...params, query } }),
    );
    return { value: value.bindings, etag };
  },
});

/** Which Actions run, by their ids: those that are bound already keep their bindings. */
export async function bind(present: Tagged<Binding[]>, actionIds: string[]): Promise<void> {
  const bindings = actionIds.map((id) => {
    const bound = present.value.find((binding) => binding.action.id === id);
    return {
      ref:
        bound === undefined
          ? { type: 'action_id' as const, value: id }
          : { type: 'binding_id' as const, value: bound.id },
    };
  });
  await api.PATCH('/actions/triggers/{triggerId}/bindings', {
    params,
    headers: ifMatch(present.etag),
    body: { bindings },
  });
}

/** The list with one of its members a place up (-1) or down (1); the same list where there is no such place. */
export function moved<T>(list: T[], index: number, by: -1 | 1): T[] {
  const [a, b] = [list[index], list[index + by]];
  return a === undefined || b === undefined
    ? list
    : list.map((each, place) => (place === index ? b : place === index + by ? a : each));
}
