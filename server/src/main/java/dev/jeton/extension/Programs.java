package dev.jeton.extension;

import dev.jeton.config.Config;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What this machine has for Hooks and Actions to run in, as a server that starts now would find it.
 *
 * @param node the Node.js on the PATH; empty also if what is there does not tell its version
 * @param bubblewrap the one on the PATH
 * @param trouble what bubblewrap said when it could not start Node.js; empty if it could, and if one of both is not there
 */
public record Programs(Optional<Node> node, Optional<Path> bubblewrap, Optional<String> trouble) {
    /** The oldest Node.js that runs Hooks and Actions. */
    public static final String OLDEST_NODE = WorkerRuntime.OLDEST_NODE + "." + WorkerRuntime.OLDEST_MINOR;

    /** {@code isFit}: whether it is new enough. */
    public record Node(Path program, int major, int minor, boolean isFit) {}

    /** Looks, and starts what is found. */
    public static Programs find(Config.Hooks settings, Map<String, String> environment) {
        try (WorkerRuntime runtime = new WorkerRuntime(settings, SearchPath.of(environment))) {
            Optional<WorkerRuntime.Node> node = runtime.find("node").flatMap(WorkerRuntime::version);
            Optional<Path> bubblewrap = runtime.find("bwrap");
            return new Programs(
                    node.map(found -> new Node(found.program(), found.major(), found.minor(), found.isFit())),
                    bubblewrap,
                    node.flatMap(found -> bubblewrap
                            .map(program -> runtime.trial(program, found))
                            .filter(ended -> !ended.succeeded())
                            .map(ended -> ended.output().isEmpty() ? "it ended without a word" : ended.output())));
        }
    }
}
