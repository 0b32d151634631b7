package dev.jeton.samples.timesheets.upload;

/** Says why it is of no use to go on with the entries that are left. */
final class StoppedException extends Exception {
    StoppedException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
