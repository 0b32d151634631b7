package dev.jeton.verifier;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object (RFC 8259) and refuses what two readers could take for two different things: a member name that
 * occurs twice in any object, unpaired surrogates, a byte order mark, anything after the object.
 *
 * <p>The parser inside Nimbus is not used because it keeps the last of two equal names in a nested object, and a JWK is
 * always nested; it also takes {@code []} for an empty object.
 */
final class JsonReader {
    /** Far above any token or JWK Set, far below what the stack holds. */
    private static final int MAX_DEPTH = 32;

    /** A number has to fit a double's range, so that it costs nothing to compute with. */
    private static final int MAX_EXPONENT = 308;

    private static final int MAX_NUMBER_LENGTH = 64;
    /** Integers of so many characters, sign included, all fit a long. */
    private static final int MAX_LONG_LENGTH = 18;

    private static final int END = -1;

    private final String text;
    private int position;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads a text that is one object. Strings are {@link String}; integers that fit are {@link Long}, other numbers
     * {@link BigDecimal}; arrays are {@link List}; objects are {@link Map} in the order of the text; {@code null} is
     * null. Lists and maps are unmodifiable.
     */
    static Map<String, @Nullable Object> readObject(String text) throws MalformedJsonException {
        JsonReader reader = new JsonReader(text);
        reader.skipWhitespace();
        Map<String, @Nullable Object> object = reader.object(1);
        reader.skipWhitespace();
        if (reader.peek() != END) {
            throw reader.malformed("text after the object");
        }
        return object;
    }

    private @Nullable Object value(int depth) throws MalformedJsonException {
        int next = peek();
        return switch (next) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) throws MalformedJsonException {
        expect('{');
        checkDepth(depth);
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        skipWhitespace();
        if (accept('}')) {
            return Collections.unmodifiableMap(members);
        }
        do {
            skipWhitespace();
            String name = string();
            if (members.containsKey(name)) {
                throw malformed("a member name that was there before");
            }
            skipWhitespace();
            expect(':');
            skipWhitespace();
            members.put(name, value(depth + 1));
            skipWhitespace();
        } while (accept(','));
        expect('}');
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> array(int depth) throws MalformedJsonException {
        expect('[');
        checkDepth(depth);
        List<@Nullable Object> elements = new ArrayList<>();
        skipWhitespace();
        if (accept(']')) {
            return Collections.unmodifiableList(elements);
        }
        do {
            skipWhitespace();
            elements.add(value(depth + 1));
            skipWhitespace();
        } while (accept(','));
        expect(']');
        return Collections.unmodifiableList(elements);
    }

    private String string() throws MalformedJsonException {
        expect('"');
        int end = position;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        String plain = text.substring(position, end); // nearly every string, whole
        position = end;
        return accept('"') ? plain : restOfString(new StringBuilder(plain));
    }

    /** What stands in a string for itself and cannot be half of a character. */
    private static boolean isPlain(char character) {
        return character >= ' ' && character != '"' && character != '\\' && character < Character.MIN_SURROGATE;
    }

    private String restOfString(StringBuilder value) throws MalformedJsonException {
        while (!accept('"')) {
            int character = peek();
            if (character < ' ') { // a control character, or the end
                throw malformed("a string that is not closed or holds a control character");
            }
            position++;
            value.append(character == '\\' ? escaped() : (char) character);
        }
        if (value.codePoints().anyMatch(JsonReader::isSurrogate)) {
            throw malformed("an unpaired surrogate before");
        }
        return value.toString();
    }

    /** A pair of surrogates is one code point above this range; only one that stands alone is inside it. */
    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private char escaped() throws MalformedJsonException {
        int character = peek();
        position++;
        return switch (character) {
            case '"', '\\', '/' -> (char) character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw malformed("an unknown escape before");
        };
    }

    private int hexDigit() throws MalformedJsonException {
        int character = peek();
        // Not Character.digit alone: it knows the digits of every script.
        int digit = character < 0x80 ? Character.digit(character, 16) : -1;
        if (digit < 0) {
            throw malformed("not a hexadecimal digit");
        }
        position++;
        return digit;
    }

    private Object number() throws MalformedJsonException {
        int start = position;
        accept('-');
        if (!accept('0')) {
            digits();
        }
        boolean integer = true;
        if (accept('.')) {
            integer = false;
            digits();
        }
        if (accept('e') || accept('E')) {
            integer = false;
            exponent();
        }
        if (position - start > MAX_NUMBER_LENGTH) {
            throw malformed("a number that is too long before");
        }
        if (integer && position - start <= MAX_LONG_LENGTH) {
            return Long.parseLong(text, start, position, 10);
        }
        String literal = text.substring(start, position);
        if (!integer) {
            return decimal(literal);
        }
        BigInteger value = new BigInteger(literal);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : new BigDecimal(value);
    }

    private BigDecimal decimal(String literal) throws MalformedJsonException {
        BigDecimal value = new BigDecimal(literal);
        if (Double.isInfinite(value.doubleValue())) { // digits before the point of 10e308
            throw malformed("a number that is out of range before");
        }
        return value;
    }

    private void exponent() throws MalformedJsonException {
        if (!accept('-')) {
            accept('+');
        }
        int start = position;
        digits();
        // Checked before it is converted: BigDecimal would take 1e999999999 and choke on it later.
        if (position - start > 3 || Integer.parseInt(text, start, position, 10) > MAX_EXPONENT) {
            throw malformed("a number that is out of range before");
        }
    }

    private void digits() throws MalformedJsonException {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position == start) {
            throw malformed("not a JSON value");
        }
    }

    private @Nullable Object literal(String word, @Nullable Object value) throws MalformedJsonException {
        if (!text.startsWith(word, position)) {
            throw malformed("not a JSON value");
        }
        position += word.length();
        return value;
    }

    private void skipWhitespace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            position++;
        }
    }

    private int peek() {
        return position < text.length() ? text.charAt(position) : END;
    }

    private boolean accept(char expected) {
        boolean found = peek() == expected;
        if (found) {
            position++;
        }
        return found;
    }

    private void expect(char expected) throws MalformedJsonException {
        if (!accept(expected)) {
            throw malformed("expected " + expected);
        }
    }

    private void checkDepth(int depth) throws MalformedJsonException {
        if (depth > MAX_DEPTH) {
            throw malformed("nesting deeper than " + MAX_DEPTH);
        }
    }

    private MalformedJsonException malformed(String problem) {
        return new MalformedJsonException(problem, position);
    }
}
