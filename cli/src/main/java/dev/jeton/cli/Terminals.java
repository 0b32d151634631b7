package dev.jeton.cli;

import java.util.Map;

/** Which of the two streams go to a terminal that obeys escape sequences. */
record Terminals(boolean out, boolean err) {
    static final Terminals NONE = new Terminals(false, false);

    /** As the launcher tells it, which finds out without a process of its own; without it, none. */
    static Terminals ofLauncher(Map<String, String> env) {
        String told = System.getProperty("jeton.terminals", "");
        String kind = env.getOrDefault("TERM", "dumb");
        return kind.equals("dumb") ? NONE : new Terminals(told.contains("out"), told.contains("err"));
    }
}
