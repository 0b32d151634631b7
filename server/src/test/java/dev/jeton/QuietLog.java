package dev.jeton;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.jeton.operations.LogConfiguration;
import org.slf4j.Logger;

/**
 * The server's own log configuration, from warnings up, so that a failing test is all that is to be seen. A {@code
 * logback-test.xml} would not be read: configurators found as services come first.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class QuietLog extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext loggerContext) {
        LogConfiguration configuration = new LogConfiguration();
        configuration.setContext(loggerContext);
        ExecutionStatus status = configuration.configure(loggerContext);
        loggerContext.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        return status;
    }
}
