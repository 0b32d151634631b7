package dev.jeton.e2e.tools;

import dev.jeton.e2e.CheckingProxy;
import dev.jeton.e2e.Jeton;
import dev.jeton.e2e.Jeton.Result;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.NodeProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server over TLS with a client that has every scope: what somebody has who points a tool at Jeton. Its end fails if the
 * tool was given an answer that the management API's description does not know.
 */
final class ToolServer implements AutoCloseable {
    private static final Path TOOLS = Path.of("src/test/tools").toAbsolutePath();

    private final Path folder;
    private final CheckingProxy proxy;

    ToolServer(Path folder) {
        this.folder = folder;
        this.proxy = CheckingProxy.startWithTls(new Jeton(folder).with(ManagementApi.BOOTSTRAP), folder);
    }

    /** A file that belongs to the tools. */
    static Path file(String name) {
        return TOOLS.resolve(name);
    }

    /** Host and port, as tools take it for Auth0's domain. */
    String domain() {
        return proxy.server().issuer().replaceFirst("^https://", "").replaceFirst("/$", "");
    }

    static String clientId() {
        return ManagementApi.BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_ID");
    }

    static String clientSecret() {
        return ManagementApi.BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_SECRET");
    }

    /** What the tools are told to trust. */
    Path ca() {
        return folder.resolve("data/tls/ca.pem");
    }

    /** Runs a script of that tool's folder, or of one of its packages, with these variables. */
    Result node(String tool, Map<String, String> variables, String script, String... args) {
        Path program = NodeProgram.installed(TOOLS.resolve(tool), TOOLS);
        List<String> command =
                new ArrayList<>(List.of("node", program.resolve(script).toString()));
        command.addAll(List.of(args));
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("NODE_EXTRA_CA_CERTS", ca().toString());
        return new Jeton(folder).with(environment).runAny("", command);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
