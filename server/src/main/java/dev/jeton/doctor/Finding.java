package dev.jeton.doctor;

import java.util.regex.Pattern;

/**
 * What a look found.
 *
 * @param text what is so, in one line
 * @param cure what to do about it; empty if all is well
 */
record Finding(Level level, String text, String cure) {
    /** Whether a server does its work with it: well, not as well as it might, or not at all or not safely. */
    enum Level {
        OK,
        WARN,
        FAIL
    }

    private static final int LONGEST = 600;
    /** Files, programs and servers that were asked may say anything. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");

    Finding {
        text = printable(text);
        cure = printable(cure);
    }

    static Finding ok(String text) {
        return new Finding(Level.OK, text, "");
    }

    static Finding warn(String text, String cure) {
        return new Finding(Level.WARN, text, cure);
    }

    static Finding fail(String text, String cure) {
        return new Finding(Level.FAIL, text, cure);
    }

    /** A failure in the words of an error for operators: what is wrong, and behind a semicolon the mend. */
    static Finding failing(String sentence, String elseCure) {
        int end = sentence.indexOf("; ");
        return end < 0 ? fail(sentence, elseCure) : fail(sentence.substring(0, end), sentence.substring(end + 2));
    }

    private static String printable(String text) {
        String line = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
