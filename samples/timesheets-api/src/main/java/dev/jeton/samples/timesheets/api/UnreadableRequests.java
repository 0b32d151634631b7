package dev.jeton.samples.timesheets.api;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The format of errors for requests that are so broken that Tomcat does not hand them to Spring; it would send HTML. */
@Component
final class UnreadableRequests implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private final JsonMapper json;

    UnreadableRequests(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new Answer()));
    }

    private final class Answer extends ErrorReportValve {
        @Override
        protected void report(Request request, Response response, @Nullable Throwable failure) {
            if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            HttpStatus status = ErrorAnswers.statusOf(response.getStatus());
            try {
                response.setContentType("application/json");
                response.getOutputStream().write(json.writeValueAsBytes(ErrorAnswers.problemOf(status)));
                response.finishResponse();
            } catch (IOException e) {
                // whoever sent this is gone
            }
        }
    }
}
