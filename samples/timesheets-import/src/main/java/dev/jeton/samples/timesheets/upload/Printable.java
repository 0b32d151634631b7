package dev.jeton.samples.timesheets.upload;

/** Text from a file or an API, made harmless on a terminal and in a log. */
final class Printable {
    private static final int MAX_LENGTH = 200;

    private Printable() {}

    /** The text with {@code ?} for each control or format character, and cut short. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(MAX_LENGTH).forEach(c -> printable.appendCodePoint(isHarmless(c) ? c : '?'));
        return printable.length() < text.length() ? printable + "…" : printable.toString();
    }

    static boolean isHarmless(int c) {
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
