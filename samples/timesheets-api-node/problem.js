/** An answer that says what is wrong with a request, and how to mend it. */
export class Problem extends Error {
  /** @param {object} [more] further members of the body */
  constructor(status, error, description, more = {}) {
    super(description);
    this.status = status;
    this.body = { error, error_description: description, ...more };
  }
}
