package dev.jeton.tokenclient;

/** Text from elsewhere, made fit for a message: it must not forge a line of a log or move a terminal's cursor. */
final class Printable {
    private static final int MAX_LENGTH = 300;

    private Printable() {}

    /** The text with {@code ?} for each control or format character, and cut short. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(MAX_LENGTH).forEach(c -> printable.appendCodePoint(isHarmless(c) ? c : '?'));
        return printable.length() < text.length() ? printable + "…" : printable.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
