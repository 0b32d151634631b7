package dev.jeton.cli;

/**
 * Whom the command line is to one server.
 *
 * @param source where they were found, for the message when the server refuses them
 */
record Credentials(ServerAddress server, String clientId, Secret secret, String source) {
    /** Which server, and why this one, for a person to see. */
    String place() {
        return server.issuer() + " (" + source + ")";
    }
}
