package dev.jeton.cli;

import picocli.CommandLine.Option;

/** How much of a {@link RunLog} is wanted. */
final class RunLogOptions {
    @Option(names = "--take", paramLabel = "N", description = "How many lines, up to 100; 20 unless given.")
    int take = 20;

    @Option(names = "--follow", description = "Go on with each new line until Ctrl-C.")
    boolean follow;

    void show(Extension.Kind kind, String idOrName, Session session) {
        if (take < 0 || take > RunLog.PAGE) {
            throw Failure.usage("--take is a number from 0 to " + RunLog.PAGE);
        }
        String goal = "read the log of the " + kind.word();
        new RunLog(kind.find(idOrName, session.api(), goal), session, goal).show(take, follow);
    }
}
