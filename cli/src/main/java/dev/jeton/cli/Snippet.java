package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A program to copy, of the folder {@code snippets}, whose README has the rules that are followed here.
 *
 * @param facts its entry in the index
 */
record Snippet(JsonNode facts) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z_]+)}}");
    private static final String URL_PUNCTUATION = "-._~:/?#[]@!$&()*+,;=%";

    /** All that there are, those for a token first. */
    static List<Snippet> all() {
        return Json.parse(read("index.json")).values().stream()
                .map(Snippet::new)
                .toList();
    }

    String language() {
        return Json.text(facts, "language");
    }

    String name() {
        return Json.text(facts, "name");
    }

    String task() {
        return Json.text(facts, "task");
    }

    /** Whether our tests run it; a program in some languages is only written with care. */
    boolean isExecuted() {
        return facts.path("executed").asBoolean(false);
    }

    boolean isCalled(String languageOrName) {
        return language().equalsIgnoreCase(languageOrName) || name().equalsIgnoreCase(languageOrName);
    }

    /** The placeholders in it, each once. */
    List<String> placeholders() {
        return PLACEHOLDER
                .matcher(template())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    /** The program with these values, by the names of their placeholders; one without a value is a word in capitals. */
    String with(Map<String, String> values) {
        return PLACEHOLDER
                .matcher(template())
                .replaceAll(found -> Matcher.quoteReplacement(written(found.group(1), values)));
    }

    /** What stands in the place of a value that is not given. */
    static String blank(String placeholder) {
        return "YOUR_" + placeholder.toUpperCase(Locale.ROOT);
    }

    private String written(String placeholder, Map<String, String> values) {
        String value = values.get(placeholder);
        if (value == null) {
            return blank(placeholder);
        }
        return switch (placeholder) {
            case "token_url", "issuer", "api_url" -> inUrl(value);
            default -> inLiteral(placeholder, value);
        };
    }

    /** A URL stands in any kind of quotes. */
    private static String inUrl(String url) {
        StringBuilder written = new StringBuilder(url.length());
        for (byte unit : url.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (unit & 0xff);
            boolean stays = c < 0x80 && (Character.isLetterOrDigit(c) || URL_PUNCTUATION.indexOf(c) >= 0);
            written.append(stays ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return written.toString();
    }

    private String inLiteral(String placeholder, String value) {
        if (!Printable.of(value).equals(value)) {
            throw Failure.refused("the " + placeholder.replace('_', ' ')
                    + " has characters that are not printable: no program can show them");
        }
        String quote = Json.text(facts, "quotes").equals("single") ? "'" : "\"";
        return value.replace("\\", "\\\\").replace(quote, "\\" + quote);
    }

    private String template() {
        return read(Json.text(facts, "file"));
    }

    private static String read(String file) {
        try (InputStream in = Snippet.class.getResourceAsStream("snippets/" + file)) {
            byte[] bytes = Objects.requireNonNull(in, () -> "the jar has no snippet " + file)
                    .readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
