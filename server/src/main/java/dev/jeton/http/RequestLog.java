package dev.jeton.http;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One structured line per request, written at its end; never a token, a secret, a query or a body. */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jeton.request");

    private RequestLog() {}

    static void ended(String requestId, String method, String route, Response response, Duration took) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("request_id", requestId)
                .addKeyValue("method", method)
                .addKeyValue("route", route)
                .addKeyValue("status", response.status())
                .addKeyValue("duration_ms", took.toNanos() / 1e6);
        if (response.clientId().isPresent()) {
            line = line.addKeyValue("client_id", response.clientId().get());
        }
        if (response.user().isPresent()) {
            Response.User user = response.user().get();
            line = line.addKeyValue("user_id", user.id()).addKeyValue("user_name", user.name());
        }
        if (response.errorCode().isPresent()) {
            line = line.addKeyValue("error", response.errorCode().get());
        }
        line.log("request");
    }
}
