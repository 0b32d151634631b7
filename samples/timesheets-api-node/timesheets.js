import { Problem } from './problem.js';

/** All timesheets, in memory; ids count up from 1. */
export class Timesheets {
  #byId = new Map(); // in the order of the ids, which are texts here as they are in paths
  #byEntryId = new Map();

  /**
   * Stores an entry, unless its `entry_id` says that it is stored already: then it has to be the same.
   *
   * @param {string} reporter whose names the entry ids are, so that nobody can take one that another will use
   */
  add(reporter, entry) {
    const key = JSON.stringify([reporter, entry.entry_id]);
    const earlier = this.#byEntryId.get(key);
    if (earlier) {
      if (!['user_id', 'date', 'project', 'hours'].every((name) => earlier[name] === entry[name])) {
        throw new Problem(409, 'conflict', 'Another entry has this entry_id: send this one under its own.', {
          field: 'entry_id',
        });
      }
      return { isNew: false, timesheet: earlier };
    }
    const { entry_id, user_id, date, project, hours } = entry;
    const timesheet = { id: this.#byId.size + 1, entry_id, user_id, date, project, hours, approved: false };
    this.#byId.set(String(timesheet.id), timesheet);
    if (entry_id !== undefined) {
      this.#byEntryId.set(key, timesheet);
    }
    return { isNew: true, timesheet };
  }

  of(userId) {
    return [...this.#byId.values()].filter((timesheet) => timesheet.user_id === userId);
  }

  unapproved() {
    return [...this.#byId.values()].filter((timesheet) => !timesheet.approved);
  }

  /** @param {string} id as in a path */
  approve(id) {
    const timesheet = this.#byId.get(id);
    if (!timesheet) {
      throw new Problem(404, 'not_found', 'There is no timesheet with this id.');
    }
    timesheet.approved = true;
    return timesheet;
  }
}
