package dev.jeton.http;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One structured line per request, written at its end; never a token, a secret, a query or a body. */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jeton.request");

    private RequestLog() {}

    static void ended(String requestId, String method, String route, Response response, Duration took) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        var line = LOG.atInfo()
                .addKeyValue("request_id", requestId)
                .addKeyValue("method", method)
                .addKeyValue("route", route)
                .addKeyValue("status", response.status())
                .addKeyValue("duration_ms", took.toNanos() / 10_000 / 100.0);
        response.clientId().ifPresent(client -> line.addKeyValue("client_id", client));
        response.errorCode().ifPresent(code -> line.addKeyValue("error", code));
        line.log("request");
    }
}
