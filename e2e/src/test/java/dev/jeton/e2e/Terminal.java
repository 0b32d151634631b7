package dev.jeton.e2e;

import dev.jeton.e2e.Jeton.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A shell that is typed into: variables and the folder stay from one block of commands to the next. */
final class Terminal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;

    private final Process shell;
    private final Writer input;
    private final BufferedReader answers;
    private final Path scratch;
    private int blocks;

    /** @param scratch a folder for what is typed and printed */
    Terminal(Jeton user, Path scratch) throws IOException {
        this.scratch = scratch;
        this.shell = user.open("sh");
        this.input = shell.outputWriter(StandardCharsets.UTF_8);
        this.answers = shell.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Runs the commands up to the first that fails. Their variables are lost if that is expected, and this shell ends if it is
     * not, or if they take too long.
     */
    Result type(String commands, boolean mayFail) throws Exception {
        Path block = scratch.resolve(Integer.toString(blocks++));
        Path out = scratch.resolve(block + ".out");
        Path err = scratch.resolve(block + ".err");
        Files.writeString(block, commands);
        String run = ". '" + block + "'";
        String redirected = " </dev/null >'" + out + "' 2>'" + err + "'";
        input.write(
                mayFail
                        ? "code=0; (" + run + ")" + redirected + " || code=$?; echo $code\n"
                        : "set -eu; " + run + redirected + "; set +u; echo 0\n");
        input.flush();
        FutureTask<String> answer = new FutureTask<>(answers::readLine);
        Thread.ofPlatform().daemon().start(answer);
        String code;
        try {
            code = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            close();
            throw new AssertionError("they do not end:\n" + commands + Files.readString(out), e);
        }
        return new Result(
                code == null ? shell.waitFor() : Integer.parseInt(code), Files.readString(out), Files.readString(err));
    }

    boolean isOpen() {
        return shell.isAlive();
    }

    @Override
    public void close() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }
}
