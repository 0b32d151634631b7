package dev.jeton.operations;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * How the server logs: to standard output, as text for people or JSON lines for machines. Found by Logback as a service:
 * reading the same from XML costs half a second at each start.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {
    /** The system property that chooses {@code json} or {@code text}; set before the first logger is made. */
    public static final String FORMAT_PROPERTY = "jeton.log.format";

    private static final String CONSOLE = "console";
    private static final Map<String, Level> QUIETER = Map.of(
            "com.zaxxer.hikari", Level.ERROR,
            "org.flywaydb", Level.WARN,
            "io.netty", Level.WARN,
            // Anybody can end an HTTP/2 connection so that the engine stumbles over it, which harms nobody else.
            "io.netty.util.concurrent.DefaultPromise", Level.ERROR,
            "io.vertx", Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext loggerContext) {
        Appender<ILoggingEvent> console =
                "json".equals(System.getProperty(FORMAT_PROPERTY)) ? lines(loggerContext) : text(loggerContext);
        Logger root = loggerContext.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console);
        QUIETER.forEach((name, level) -> loggerContext.getLogger(name).setLevel(level));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether each request is told; off while a command shows something else on the same terminal. */
    public static void tellRequests(boolean tell) {
        if (LoggerFactory.getLogger("dev.jeton.request") instanceof Logger requests) {
            requests.setLevel(tell ? Level.INFO : Level.WARN);
        }
    }

    /** Logs nothing: a command tells all there is itself. */
    public static void silence() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.OFF);
        }
    }

    /** Writes the lines that wait: to be called before the process ends. */
    public static void flush() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
                && root.getAppender(CONSOLE) instanceof BufferedConsole console) {
            console.flush();
        }
    }

    private static Appender<ILoggingEvent> lines(LoggerContext loggerContext) {
        JsonLogEncoder json = new JsonLogEncoder();
        json.setContext(loggerContext);
        json.start();
        BufferedConsole console = new BufferedConsole(json, System.out);
        console.setContext(loggerContext);
        console.setName(CONSOLE);
        console.start();
        return console;
    }

    /** For people, who watch: each line at once. */
    private static Appender<ILoggingEvent> text(LoggerContext loggerContext) {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(loggerContext);
        text.setPattern("%d{HH:mm:ss.SSS} %-5level %msg %kvp%n%ex");
        text.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(loggerContext);
        console.setName(CONSOLE);
        console.setEncoder(text);
        console.start();
        return console;
    }
}
