package dev.jeton.operations;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
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

    private static final Map<String, Level> QUIETER = Map.of(
            "com.zaxxer.hikari", Level.ERROR,
            "org.flywaydb", Level.WARN,
            "io.netty", Level.WARN,
            "io.vertx", Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext loggerContext) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(loggerContext);
        console.setName("console");
        console.setEncoder(encoder(loggerContext));
        console.start();
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

    private static Encoder<ILoggingEvent> encoder(LoggerContext loggerContext) {
        if ("json".equals(System.getProperty(FORMAT_PROPERTY))) {
            JsonLogEncoder json = new JsonLogEncoder();
            json.setContext(loggerContext);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(loggerContext);
        text.setPattern("%d{HH:mm:ss.SSS} %-5level %msg %kvp%n%ex");
        text.start();
        return text;
    }
}
