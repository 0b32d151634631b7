package dev.jeton.dashboard;

import dev.jeton.http.Request;
import dev.jeton.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Files on the class path that the build made for browsers, each beside itself as the build compressed it. */
final class WebFiles {
    /** How a file is sent: as it is, or as the build compressed it. */
    private enum Coding {
        BR("br", ".br"),
        GZIP("gzip", ".gz"),
        IDENTITY("", "");

        private final String name;
        private final String suffix;

        Coding(String name, String suffix) {
            this.name = name;
            this.suffix = suffix;
        }

        /** The best that was asked for, RFC 9110 §12.5.3; quality values other than 0 are not weighed. */
        static Coding of(Request request) {
            List<String> accepted = Arrays.stream(
                            request.header("Accept-Encoding").orElse("").split(",", 16))
                    .map(part -> part.strip().replace(" ", ""))
                    .filter(part -> !part.endsWith(";q=0"))
                    .map(part -> part.split(";", 2)[0])
                    .toList();
            return Arrays.stream(values())
                    .filter(coding -> accepted.contains(coding.name))
                    .findFirst()
                    .orElse(IDENTITY);
        }
    }

    /** Files by their name on the class path; as many as the build has. */
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /**
     * The file as small as the browser takes it, or nothing if the build has none of that name. Who asks has made sure that
     * the name is one that a stranger may choose.
     */
    Optional<Response> file(int status, String type, String name, Request request) {
        Coding coding = Coding.of(request);
        return bytes(name + coding.suffix).map(bytes -> {
            Response file = Response.of(status, type, bytes)
                    .with("Vary", "Accept-Encoding")
                    .with("X-Content-Type-Options", "nosniff");
            return coding == Coding.IDENTITY ? file : file.with("Content-Encoding", coding.name);
        });
    }

    private Optional<byte[]> bytes(String name) {
        byte[] known = files.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> found = read(name);
        found.ifPresent(bytes -> files.put(name, bytes));
        return found;
    }

    static Optional<byte[]> read(String name) {
        try (InputStream file = WebFiles.class.getResourceAsStream(name)) {
            return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
