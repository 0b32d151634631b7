package dev.jeton.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of {@code wire/token}; the README there tells its form.
 *
 * <p>Text is held as ISO-8859-1, one character for each octet of the file, so that a request can hold any octets.
 */
record WireCase(String name, String head, String body, List<Expected> expected) {
    /** What the servers of one setting must answer; a header's value may be {@code *} for any, or {@code -} for none. */
    record Expected(String server, int status, List<String> headers, String body) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_0-9]+)(?::([^{}]*))?\\}");
    private static final Pattern EXPECTATION = Pattern.compile("=== (auth0|rfc6749|both|lenient) (\\d{3})");
    private static final int CHUNK = 8_000;

    static WireCase read(Path file) {
        try {
            List<String> lines = new ArrayList<>(
                    List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)));
            while (lines.getFirst().startsWith("#")) {
                lines.removeFirst();
            }
            List<String> request = new ArrayList<>();
            while (!EXPECTATION.matcher(lines.getFirst()).matches()) {
                request.add(lines.removeFirst());
            }
            int blank = request.indexOf("");
            return new WireCase(
                    file.getFileName().toString(),
                    String.join("\n", request.subList(0, blank)),
                    String.join("\n", request.subList(blank + 1, request.size())),
                    expectations(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Expected> expectations(List<String> lines) {
        List<Expected> expected = new ArrayList<>();
        while (!lines.isEmpty()) {
            Matcher first = EXPECTATION.matcher(lines.removeFirst());
            if (!first.matches()) {
                throw new IllegalArgumentException("not an expectation");
            }
            List<String> headers = new ArrayList<>();
            List<String> body = new ArrayList<>();
            boolean inBody = false;
            while (!lines.isEmpty() && !lines.getFirst().startsWith("=== ")) {
                String line = lines.removeFirst();
                if (inBody) {
                    body.add(line);
                } else if (line.isEmpty()) {
                    inBody = true;
                } else {
                    headers.add(line);
                }
            }
            List<String> servers =
                    first.group(1).equals("both") ? List.of("auth0", "rfc6749") : List.of(first.group(1));
            for (String server : servers) {
                expected.add(new Expected(
                        server,
                        Integer.parseInt(first.group(2)),
                        List.copyOf(headers),
                        String.join("\n", body).strip()));
            }
        }
        return List.copyOf(expected);
    }

    String method() {
        return head.substring(0, head.indexOf(' '));
    }

    /** The octets to send. */
    byte[] request(Map<String, String> values) {
        String filledBody = fill(body, values);
        int padding = filledBody.indexOf("{pad:");
        if (padding >= 0) {
            int end = filledBody.indexOf('}', padding);
            int length = Integer.parseInt(filledBody.substring(padding + 5, end));
            String rest = filledBody.substring(0, padding) + filledBody.substring(end + 1);
            filledBody = filledBody.substring(0, padding)
                    + "x".repeat(length - rest.length())
                    + filledBody.substring(end + 1);
        }
        boolean chunked = head.contains("Transfer-Encoding: chunked") && !head.contains("Content-Length:");
        String filledHead = fill(head, values)
                .replace("{length}", Integer.toString(filledBody.length()))
                .replace("\n", "\r\n");
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes((filledHead + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        octets.writeBytes((chunked ? inChunks(filledBody) : filledBody).getBytes(StandardCharsets.ISO_8859_1));
        return octets.toByteArray();
    }

    private static String inChunks(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int start = 0; start < body.length(); start += CHUNK) {
            String chunk = body.substring(start, Math.min(body.length(), start + CHUNK));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    /** The whole answer, as a pattern: only tokens differ from one run to the next. */
    static Pattern pattern(String text, Map<String, String> values) {
        return Pattern.compile(List.of(fill(text, values).split("\\{access_token\\}", -1)).stream()
                .map(Pattern::quote)
                .reduce((left, right) -> left + "[\\w-]+\\.[\\w-]+\\.[\\w-]+" + right)
                .orElseThrow());
    }

    /** Fills in from the innermost placeholder outwards. */
    private static String fill(String text, Map<String, String> values) {
        String filled = text;
        for (Matcher next = PLACEHOLDER.matcher(filled); next.find(); ) {
            String value = value(next.group(1), next.group(2), values);
            if (value != null) {
                filled = filled.substring(0, next.start()) + value + filled.substring(next.end());
                next = PLACEHOLDER.matcher(filled);
            }
        }
        return filled;
    }

    private static @Nullable String value(String name, @Nullable String argument, Map<String, String> values) {
        if (argument == null) {
            return name.equals("length") || name.equals("access_token") ? null : octets(required(name, values));
        }
        return switch (name) {
            case "base64" -> Base64.getEncoder().encodeToString(argument.getBytes(StandardCharsets.ISO_8859_1));
            case "form" ->
                URLEncoder.encode(
                        new String(argument.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                        StandardCharsets.UTF_8);
            case "hex" -> new String(HexFormat.of().parseHex(argument), StandardCharsets.ISO_8859_1);
            case "repeat" -> {
                int comma = argument.indexOf(',');
                yield argument.substring(comma + 1).repeat(Integer.parseInt(argument.substring(0, comma)));
            }
            case "pad" -> null;
            default -> throw new IllegalArgumentException("there is no {" + name + ":…}");
        };
    }

    private static String required(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no {" + name + "}");
        }
        return value;
    }

    /** Text as this class holds it: one character for each octet of its UTF-8. */
    static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
