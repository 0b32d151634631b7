const HOUR_S = 3_600;

/** The time of a step in UTC: 14:05, and with the day where a step is an hour: 26 Nov 14:00. */
export function clock(at: string, stepSeconds: number): string {
  const time = at.slice(11, 16);
  if (stepSeconds < HOUR_S) {
    return time;
  }
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return `${day} ${time}`;
}
