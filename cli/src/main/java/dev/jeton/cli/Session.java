package dev.jeton.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of the command line: its options, its output, and the server, which is contacted only when needed. */
final class Session {
    private final Shell shell;
    private final JetonCommand options;
    private final CredentialSources sources;
    private final Output output;
    private final Notes notes;
    private final Progress progress;
    private @Nullable ManagementApi api;

    Session(Shell shell, JetonCommand options, Notes notes, Progress progress) {
        this.shell = shell;
        this.options = options;
        this.sources = new CredentialSources(shell, options);
        this.output = shell.output();
        this.notes = notes;
        this.progress = progress;
    }

    Shell shell() {
        return shell;
    }

    Output output() {
        return output;
    }

    Notes notes() {
        return notes;
    }

    Progress progress() {
        return progress;
    }

    /** Whether the answer is wanted as JSON, for a script. */
    boolean json() {
        return options.json;
    }

    CredentialSources sources() {
        return sources;
    }

    Optional<Prompt> prompt() {
        return shell.prompt().get();
    }

    ManagementApi api() {
        ManagementApi made = api;
        if (made == null) {
            made = api(sources.credentials());
            api = made;
        }
        return made;
    }

    ManagementApi api(Credentials credentials) {
        if (options.verbose) {
            notes.note("at " + credentials.place() + ", as " + credentials.clientId());
        }
        return new ManagementApi(server(credentials.server()), credentials, shell.clock(), shell.pause());
    }

    JetonServer server(ServerAddress address) {
        if (address.isExposed()) {
            notes.warning(
                    address.issuer() + " is plain HTTP to another machine; secrets and tokens can be read on the way");
        }
        return new JetonServer(address, progress);
    }

    /** The terminal to ask at before something is lost; without one, {@code --yes} has to be given. */
    Prompt requirePrompt() {
        return prompt().orElseThrow(
                        () -> Failure.usage("there is no terminal to ask at; add --yes to go ahead unasked"));
    }

    /** Goes on only if the person types the name or the id of what is about to be lost. */
    void confirm(String question, String name, String id) {
        output.line(question);
        output.line("The server is " + sources.credentials().place() + ".");
        output.flush();
        String typed = requirePrompt().ask("Type the name or the id to go ahead:");
        if (!typed.equals(id) && (name.isEmpty() || !typed.equals(name))) {
            throw Failure.refused("nothing was deleted: '" + typed + "' is neither the name nor the id");
        }
    }
}
