package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Secrets for a Hook or an Action as the command line gives them. No message quotes them: what is wrong may be one. */
final class GivenSecrets {
    private static final int MAX_NAME = 128;
    private static final int MAX_VALUE = 4_096;
    private static final int MAX_FILE_BYTES = 1_000_000;

    private final Map<String, Secret> values = new LinkedHashMap<>();
    private final Session session;

    GivenSecrets(Session session) {
        this.session = session;
    }

    /** Adds one of {@code KEY=VALUE}; {@code KEY=@FILE}; {@code KEY=-}, whose value is asked for or read. */
    GivenSecrets add(List<String> arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw Failure.usage("a secret is KEY=VALUE, KEY=@FILE or KEY=-; one that was given has no KEY=");
            }
            String name = argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            put(name, value.equals("-") ? entered(name) : value.startsWith("@") ? inFile(name, value) : value);
        }
        return this;
    }

    /** Adds the lines {@code KEY=VALUE} of a file, the values as they are; empty lines and those with # are none. */
    GivenSecrets addLines(Path file) {
        String text = new InputFile("the secrets", file).read(session.shell(), MAX_FILE_BYTES);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw Failure.usage("a line of the secrets is KEY=VALUE, unlike line " + number + " in " + file);
            }
            put(line.substring(0, equals), line.substring(equals + 1));
        }
        return this;
    }

    private String inFile(String name, String value) {
        String file = value.substring(1);
        if (file.isEmpty()) {
            throw Failure.usage("which file has the secret " + name + "? " + name + "=@FILE");
        }
        return Secret.read(session.shell().directory().resolve(file)).reveal();
    }

    /** What a person types, unseen, or what standard input has where there is no person. */
    private String entered(String name) {
        return session.prompt()
                .map(prompt -> prompt.askWithoutEcho("Value of " + name + " (it does not show):"))
                .orElseGet(() -> standardInput(name));
    }

    private String standardInput(String name) {
        try { // a byte more than the longest value takes
            byte[] bytes = session.shell().in().readNBytes(4 * MAX_VALUE + 1);
            if (bytes.length > 4 * MAX_VALUE) {
                throw tooLong(name);
            }
            return new InputFile("the secret " + name, Path.of("-"))
                    .decoded(bytes)
                    .stripTrailing();
        } catch (IOException e) {
            throw Failure.usage("cannot read standard input: " + e.getMessage());
        }
    }

    private void put(String name, String value) {
        if (name.length() > MAX_NAME) {
            throw Failure.usage("the name of a secret has at most " + MAX_NAME + " characters");
        }
        if (value.isEmpty()) {
            throw Failure.usage("the secret " + name + " has no value");
        }
        if (value.length() > MAX_VALUE) {
            throw tooLong(name);
        }
        if (values.put(name, new Secret(value)) != null) {
            throw Failure.usage("the secret " + name + " is given twice");
        }
    }

    private static Failure tooLong(String name) {
        return Failure.usage("the secret " + name + " is longer than " + MAX_VALUE + " characters");
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    Set<String> names() {
        return values.keySet();
    }

    /** Some of them as the routes of Hooks take them. */
    ObjectNode ofHook(Collection<String> names) {
        ObjectNode json = Json.object();
        names.forEach(name -> json.put(name, value(name)));
        return json;
    }

    /** One of them as the routes of Actions take it. */
    ObjectNode ofAction(String name) {
        return Json.object().put("name", name).put("value", value(name));
    }

    private String value(String name) {
        Secret secret = values.get(name);
        if (secret == null) {
            throw new IllegalArgumentException("no secret was given with the name " + name);
        }
        return secret.reveal();
    }
}
