package dev.jeton.cli;

/**
 * Text from elsewhere, made harmless on a terminal: whoever names an application or sends a User-Agent must not move
 * the cursor, recolour a line or turn its reading direction.
 */
final class Printable {
    private Printable() {}

    /** The text with every control and format character written as JSON would escape it. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                printable.appendCodePoint(c);
            } else {
                escape(c, printable);
            }
        });
        return printable.toString();
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

    private static void escape(int c, StringBuilder printable) {
        switch (c) {
            case '\n' -> printable.append("\\n");
            case '\r' -> printable.append("\\r");
            case '\t' -> printable.append("\\t");
            default -> {
                for (char unit : Character.toChars(c)) {
                    printable.append("\\u%04x".formatted((int) unit));
                }
            }
        }
    }
}
