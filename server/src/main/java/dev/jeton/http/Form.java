package dev.jeton.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parameters in {@code application/x-www-form-urlencoded}, from a body or a query. */
public final class Form {
    /** What was sent is not form-encoded UTF-8; the message never repeats it. */
    public static final class MalformedException extends RuntimeException {
        MalformedException(String message) {
            super(message);
        }
    }

    private final Map<String, List<String>> values;

    private Form(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads {@code name=value&…}; a name without a value has the empty one.
     *
     * @throws MalformedException if a percent sign is not followed by two hexadecimal digits, or the octets are not
     *     UTF-8
     */
    public static Form parse(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int start = 0; start < text.length(); ) {
            int ampersand = text.indexOf('&', start);
            int end = ampersand < 0 ? text.length() : ampersand;
            if (end > start) {
                int equals = text.indexOf('=', start);
                boolean hasValue = equals >= 0 && equals < end;
                String name = decode(text.substring(start, hasValue ? equals : end), true);
                String value = hasValue ? decode(text.substring(equals + 1, end), true) : "";
                values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
            start = end + 1;
        }
        return new Form(values);
    }

    /**
     * Decodes one component.
     *
     * @param plusIsSpace true in forms and queries, false in paths
     * @throws MalformedException as {@link #parse}
     */
    public static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0) {
            return plusIsSpace ? text.replace('+', ' ') : text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer octets = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new MalformedException("a percent sign is not followed by two hexadecimal digits");
                }
                octets.put((byte) (high << 4 | low));
                i += 2;
            } else {
                octets.put(raw[i] == '+' && plusIsSpace ? (byte) ' ' : raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(octets.flip())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("the octets are not UTF-8");
        }
    }

    public Set<String> names() {
        return values.keySet();
    }

    /** Every value of that parameter, in order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The first value of that parameter. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }
}
