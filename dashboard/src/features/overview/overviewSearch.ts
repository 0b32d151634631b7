/** How far the overview looks back, in hours. */
export type Hours = '1' | '24' | '168';

export const PERIODS: { value: Hours; label: string }[] = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
];

export const DEFAULT_HOURS: Hours = '24';

export interface OverviewSearch {
  /** The period, if it is not the usual one. */
  hours?: Hours | undefined;
}

/** Reads it from a URL, whatever stands in it. */
export function overviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const hours = PERIODS.find(({ value }) => value === String(raw.hours))?.value;
  // Named though it is absent: else the router leaves there what was refused.
  return { hours: hours === DEFAULT_HOURS ? undefined : hours };
}
