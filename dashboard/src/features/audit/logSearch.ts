/** What the URL of the log holds: the filters, where the page begins, and the event that is open. */
export interface LogSearch {
  /** In the query language of `GET /api/v2/logs`. */
  q?: string;
  /** Event types, separated by commas. */
  type?: string;
  client?: string;
  /** A `log_id`: the page shows what is older. */
  from?: string;
  event?: string;
}

/** Reads them from a URL, whatever stands in it. */
export function logSearch(raw: Record<string, unknown>): LogSearch {
  const text = (name: keyof LogSearch): LogSearch => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? { [name]: value.slice(0, 500) } : {};
  };
  return { ...text('q'), ...text('type'), ...text('client'), ...text('from'), ...text('event') };
}
