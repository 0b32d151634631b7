package dev.jeton.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The secrets that a Hook or an Action is created with. */
final class SecretOptions {
    @Option(
            names = "--secret",
            paramLabel = "KEY=VALUE",
            description =
                    "Secret it reads, repeatable. KEY=@FILE takes the value from a file, KEY=- asks for it or reads"
                            + " standard input.")
    @Nullable
    List<String> secrets;

    @Option(names = "--secrets-file", paramLabel = "FILE", description = "File with a line KEY=VALUE for each secret.")
    @Nullable
    Path secretsFile;

    GivenSecrets given(Session session) {
        GivenSecrets given = new GivenSecrets(session);
        if (secrets != null) {
            given.add(secrets);
        }
        if (secretsFile != null) {
            given.addLines(secretsFile);
        }
        return given;
    }
}
