package dev.jeton.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of the documentation, as far as a test acts on it: its blocks of code, in their order. */
record DocumentedPage(String name, List<Block> blocks) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?<info>\\S[^\\n]*)\\n(?<text>.*?)^```$");
    private static final Pattern CONTENTS = Pattern.compile("(?m)^(?:-|\\d+\\.) \\[[^]]+]\\(([^)#]+\\.md)\\)");

    /**
     * A block of code.
     *
     * @param info the words behind its opening fence, the first of which is the language
     */
    record Block(int line, List<String> info, String text) {
        private static final Pattern MARK = Pattern.compile("run|stays|output|exit=\\d+|file=[\\w.-]+");
        private static final Pattern VARIES =
                Pattern.compile("(?<word>[\\w.+-]*…[\\w.+-]*)|(?<date>\\d{4}-\\d\\d-\\d\\d)"
                        + "|(?<time>\\d\\d:\\d\\d(?::\\d\\d)?)|(?<space> {2,})|(?<literal>.)");

        Block {
            info.stream().skip(1).filter(word -> !MARK.matcher(word).matches()).forEach(word -> {
                throw new IllegalArgumentException("line " + line + ": nothing is known of '" + word + "'");
            });
        }

        boolean isRun() {
            return info.contains("run");
        }

        /** Whether it starts what goes on until the last page is read. */
        boolean stays() {
            return info.contains("stays");
        }

        boolean isOutput() {
            return info.contains("output");
        }

        /** The value of a word {@code name=value}. */
        Stream<String> info(String name) {
            return info.stream()
                    .filter(word -> word.startsWith(name + "="))
                    .map(word -> word.substring(name.length() + 1));
        }

        int exitCode() {
            return info("exit").mapToInt(Integer::parseInt).findFirst().orElse(0);
        }

        /**
         * What {@code output} has to be if this is what the page shows of it. A word with an ellipsis is any word, a line of
         * nothing else any lines; dates, times and the width of columns may differ.
         */
        Pattern shown() {
            String lines = text.lines()
                    .map(line -> line.strip().equals("…") ? "(?:.*\\n)*?" : likeIt(line) + "\\n")
                    .collect(Collectors.joining());
            return Pattern.compile(lines);
        }

        private static String likeIt(String line) {
            return VARIES.matcher(line.stripTrailing())
                    .results()
                    .map(Block::likeIt)
                    .collect(Collectors.joining());
        }

        private static String likeIt(MatchResult part) {
            if (part.group("word") != null) {
                return "[\\w./+-]+";
            }
            if (part.group("date") != null || part.group("time") != null) {
                return "[\\d:-]+";
            }
            return part.group("space") != null ? " +" : Pattern.quote(part.group());
        }
    }

    static DocumentedPage read(Path home, String name) {
        try {
            String text = Files.readString(home.resolve(name));
            List<Block> blocks = new ArrayList<>();
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                int line = (int) text.substring(0, block.start()).lines().count() + 1;
                blocks.add(new Block(line, List.of(block.group("info").split(" ")), block.group("text")));
            }
            return new DocumentedPage(name, blocks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that have something to run, in the order of the contents. */
    static List<DocumentedPage> inOrder(Path home) throws IOException {
        Stream<String> contents = CONTENTS.matcher(Files.readString(home.resolve("docs/README.md")))
                .results()
                .map(link -> "docs/" + link.group(1));
        return Stream.of(Stream.of("README.md"), contents, Stream.of("snippets/README.md"))
                .flatMap(names -> names)
                .map(name -> read(home, name))
                .filter(page -> page.blocks().stream().anyMatch(Block::isRun))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
