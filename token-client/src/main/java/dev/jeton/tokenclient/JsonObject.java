package dev.jeton.tokenclient;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One JSON object (RFC 8259), of which only strings and whole numbers at its first level can be asked for: a token
 * endpoint answers with no others. The rest has to be well-formed all the same, and a name that occurs twice in one
 * object is refused, as two readers could take it for two different things.
 */
final class JsonObject {
    private static final int MAX_DEPTH = 16;

    /** More digits than any lifetime in seconds has, fewer than overflow. */
    private static final int MAX_DIGITS = 18;

    private static final int END = -1;

    /** Stands for a value that is neither a string nor a whole number. */
    private enum Other {
        NULL,
        VALUE
    }

    private final Map<String, Object> members;

    private JsonObject(Map<String, Object> members) {
        this.members = members;
    }

    static JsonObject parse(byte[] utf8) throws MalformedAnswerException {
        Reader reader = new Reader(decoded(utf8));
        reader.skipWhitespace();
        Map<String, Object> members = reader.object(1);
        reader.skipWhitespace();
        if (reader.peek() != END) {
            throw reader.malformed();
        }
        return new JsonObject(members);
    }

    private static String decoded(byte[] utf8) throws MalformedAnswerException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedAnswerException("is not text in UTF-8");
        }
    }

    /** The named string; empty if it is absent or null. */
    Optional<String> string(String name) throws MalformedAnswerException {
        Object value = members.getOrDefault(name, Other.NULL);
        if (value == Other.NULL) {
            return Optional.empty();
        }
        if (value instanceof String string) {
            return Optional.of(string);
        }
        throw new MalformedAnswerException("has a member " + name + " that is not a string");
    }

    /** The named number; empty if it is absent or null. One that is too large for a lifetime counts as no number. */
    OptionalLong wholeNumber(String name) throws MalformedAnswerException {
        Object value = members.getOrDefault(name, Other.NULL);
        if (value == Other.NULL) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number) {
            return OptionalLong.of(number);
        }
        throw new MalformedAnswerException("has a member " + name + " that is not a whole number in range");
    }

    private static final class Reader {
        private final String text;
        private int position;

        Reader(String text) {
            this.text = text;
        }

        private Object value(int depth) throws MalformedAnswerException {
            return switch (peek()) {
                case '"' -> string();
                case '{' -> {
                    object(depth);
                    yield Other.VALUE;
                }
                case '[' -> array(depth);
                case 't' -> literal("true", Other.VALUE);
                case 'f' -> literal("false", Other.VALUE);
                case 'n' -> literal("null", Other.NULL);
                default -> number();
            };
        }

        Map<String, Object> object(int depth) throws MalformedAnswerException {
            open('{', depth);
            Map<String, Object> members = new LinkedHashMap<>();
            skipWhitespace();
            if (accept('}')) {
                return members;
            }
            do {
                skipWhitespace();
                String name = string();
                skipWhitespace();
                expect(':');
                skipWhitespace();
                if (members.put(name, value(depth + 1)) != null) {
                    throw new MalformedAnswerException("has a member name twice");
                }
                skipWhitespace();
            } while (accept(','));
            expect('}');
            return members;
        }

        private Other array(int depth) throws MalformedAnswerException {
            open('[', depth);
            skipWhitespace();
            if (accept(']')) {
                return Other.VALUE;
            }
            do {
                skipWhitespace();
                value(depth + 1);
                skipWhitespace();
            } while (accept(','));
            expect(']');
            return Other.VALUE;
        }

        private void open(char bracket, int depth) throws MalformedAnswerException {
            expect(bracket);
            if (depth > MAX_DEPTH) {
                throw new MalformedAnswerException("is nested too deeply");
            }
        }

        private String string() throws MalformedAnswerException {
            expect('"');
            StringBuilder value = new StringBuilder();
            while (!accept('"')) {
                int character = peek();
                if (character < ' ') { // a control character, or the end
                    throw malformed();
                }
                position++;
                value.append(character == '\\' ? escaped() : (char) character);
            }
            return value.toString();
        }

        private char escaped() throws MalformedAnswerException {
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
                default -> throw malformed();
            };
        }

        private int hexDigit() throws MalformedAnswerException {
            int character = peek();
            // Not Character.digit alone: it knows the digits of every script.
            int digit = character < 0x80 ? Character.digit(character, 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            position++;
            return digit;
        }

        private Object number() throws MalformedAnswerException {
            int start = position;
            accept('-');
            if (!accept('0')) {
                digits();
            }
            int end = position;
            if (accept('.')) {
                digits();
            }
            if (accept('e') || accept('E')) {
                if (!accept('-')) {
                    accept('+');
                }
                digits();
            }
            boolean whole = position == end && end - start <= MAX_DIGITS;
            return whole ? (Object) Long.valueOf(text.substring(start, end)) : Other.VALUE;
        }

        private void digits() throws MalformedAnswerException {
            int start = position;
            while (peek() >= '0' && peek() <= '9') {
                position++;
            }
            if (position == start) {
                throw malformed();
            }
        }

        private Other literal(String word, Other value) throws MalformedAnswerException {
            if (!text.startsWith(word, position)) {
                throw malformed();
            }
            position += word.length();
            return value;
        }

        void skipWhitespace() {
            while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
                position++;
            }
        }

        int peek() {
            return position < text.length() ? text.charAt(position) : END;
        }

        private boolean accept(char expected) {
            boolean found = peek() == expected;
            if (found) {
                position++;
            }
            return found;
        }

        private void expect(char expected) throws MalformedAnswerException {
            if (!accept(expected)) {
                throw malformed();
            }
        }

        MalformedAnswerException malformed() {
            return new MalformedAnswerException("is not one JSON object");
        }
    }
}
