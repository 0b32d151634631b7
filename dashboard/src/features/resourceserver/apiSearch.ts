import { type ListSearch, listSearch } from '../../ui/ListPage';

/** What the URL of an API's page holds besides its tab. */
export interface ApiSearch extends ListSearch {
  /** Only the applications that are authorized. */
  authorized?: true;
  /** The application with which the API is tried. */
  application?: string;
}

/** Reads it from a URL, whatever stands there. */
export function apiSearch(raw: Record<string, unknown>): ApiSearch {
  return {
    ...listSearch(raw),
    ...(String(raw.authorized) === 'true' ? { authorized: true } : {}),
    ...(typeof raw.application === 'string' && raw.application !== ''
      ? { application: raw.application.slice(0, 64) }
      : {}),
  };
}
