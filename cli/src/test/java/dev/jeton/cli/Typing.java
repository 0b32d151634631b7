package dev.jeton.cli;

/** A person who gives the same answer to every question. */
record Typing(String answer) implements Prompt {
    @Override
    public String ask(String question) {
        return answer;
    }

    @Override
    public String askWithoutEcho(String question) {
        return answer;
    }
}
