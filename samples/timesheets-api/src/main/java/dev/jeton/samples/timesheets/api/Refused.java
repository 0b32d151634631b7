package dev.jeton.samples.timesheets.api;

import org.springframework.http.HttpStatus;

/** A request that is answered with a {@link Problem}: the caller's mistake, so it is not logged and has no stack trace. */
final class Refused extends RuntimeException {
    private final HttpStatus status;
    private final Problem problem;

    Refused(HttpStatus status, Problem problem) {
        super(problem.errorDescription(), null, false, false);
        this.status = status;
        this.problem = problem;
    }

    Refused(HttpStatus status, String error, String errorDescription) {
        this(status, new Problem(error, errorDescription, null));
    }

    HttpStatus status() {
        return status;
    }

    Problem problem() {
        return problem;
    }
}
