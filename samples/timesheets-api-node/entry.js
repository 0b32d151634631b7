import { Problem } from './problem.js';

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

const inUtc = (instant) => new Date(instant).toISOString().replace('.000Z', 'Z');

const text = (longest) => (value) => typeof value === 'string' && value.length >= 1 && value.length <= longest;

function isInstant(value) {
  const local = typeof value === 'string' && INSTANT.exec(value)?.[1];
  // Date takes the 30th of February for the 2nd of March: a day has to come out of it as it went in.
  return Boolean(local) && !Number.isNaN(Date.parse(value)) && inUtc(`${local}Z`) === `${local}Z`;
}

const isHoursOfADay = (value) => typeof value === 'number' && value > 0 && value <= 24;

const MEMBERS = {
  entry_id: { fits: text(100), what: 'a string of 1 to 100 characters', optional: true },
  user_id: { fits: text(100), what: 'a string of 1 to 100 characters' },
  date: { fits: isInstant, what: 'a date and time with zone, such as 2026-11-20T09:00:00Z' },
  project: { fits: text(200), what: 'a string of 1 to 200 characters' },
  hours: { fits: isHoursOfADay, what: 'a number above 0 and at most 24' },
};

const invalid = (field, description) => new Problem(400, 'invalid_entry', description, { field });

/**
 * The entry that a body holds: these members and no others, each of its type and size.
 *
 * @param {string} [userId] whose entry it is, for bodies that must not say so themselves
 * @returns {{entry_id?: string, user_id: string, date: string, project: string, hours: number}} the date in UTC
 * @throws {Problem} 400
 */
export function readEntry(body, userId) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem(400, 'invalid_entry', 'The body is not a JSON object: send one entry.');
  }
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(MEMBERS, name)) {
      throw invalid(name, `${name} is not a member of an entry: leave it out.`);
    }
  }
  if (userId !== undefined && Object.hasOwn(body, 'user_id')) {
    throw invalid('user_id', 'user_id is taken from the token: leave it out.');
  }
  const entry = userId === undefined ? body : { ...body, user_id: userId };
  for (const [name, { fits, what, optional }] of Object.entries(MEMBERS)) {
    if (!Object.hasOwn(entry, name)) {
      if (!optional) {
        throw invalid(name, `${name} is missing: send ${what}.`);
      }
    } else if (!fits(entry[name])) {
      throw invalid(name, `${name} does not fit: send ${what}.`);
    }
  }
  return { ...entry, date: inUtc(entry.date) };
}
