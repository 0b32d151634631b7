package dev.jeton.cli;

import java.io.Console;
import java.util.Optional;

/** Questions to a person at a terminal. */
interface Prompt {
    /** The answer without surrounding spaces; empty at end of input. */
    String ask(String question);

    /** Like {@link #ask}, and the answer does not show while it is typed. */
    String askWithoutEcho(String question);

    /** The terminal this process was started from, unless its input or output goes elsewhere. */
    static Optional<Prompt> ofTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).map(Terminal::new);
    }

    /** A {@link Console} as a prompt. */
    record Terminal(Console console) implements Prompt {
        @Override
        public String ask(String question) {
            String answer = console.readLine("%s ", Printable.of(question));
            return answer == null ? "" : answer.strip();
        }

        @Override
        public String askWithoutEcho(String question) {
            char[] answer = console.readPassword("%s ", Printable.of(question));
            return answer == null ? "" : new String(answer).strip();
        }
    }
}
