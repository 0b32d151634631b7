package dev.jeton.cli;

/** How a terminal with colours shows a word; the words mean the same without. */
enum Style {
    HEADING("1"),
    BAD("31"),
    DOUBTFUL("33");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** @param text which is harmless on a terminal already */
    String on(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
