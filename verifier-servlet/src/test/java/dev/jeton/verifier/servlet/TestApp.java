package dev.jeton.verifier.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** A web application in a real container, on a free port of the loopback address. */
final class TestApp implements AutoCloseable {
    /** A servlet's one method. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    // Tests cause faults on purpose, and see them in the answers. Held, as java.util.logging forgets loggers.
    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    static {
        TOMCAT_LOG.setUseParentHandlers(false);
    }

    private final Tomcat tomcat = new Tomcat();
    private final HttpClient http = HttpClient.newHttpClient();

    /** What fails is dispatched to {@code /error}. */
    private TestApp(Consumer<ServletContext> setUp) {
        tomcat.setBaseDir("target/tomcat");
        tomcat.setPort(0);
        tomcat.getConnector()
                .setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        Context context = tomcat.addContext("", null);
        ErrorPage page = new ErrorPage();
        page.setLocation("/error");
        context.addErrorPage(page);
        context.addServletContainerInitializer((classes, servletContext) -> setUp.accept(servletContext), Set.of());
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestApp start(Consumer<ServletContext> setUp) {
        return new TestApp(setUp);
    }

    static void servlet(ServletContext context, String path, Handler handler) {
        HttpServlet servlet = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                handler.handle(request, response);
            }
        };
        ServletRegistration.Dynamic registration = context.addServlet(path, servlet);
        registration.addMapping(path);
        registration.setAsyncSupported(true);
    }

    /** Filters run in the order in which they are added. */
    static void filter(ServletContext context, String path, Filter filter, DispatcherType... types) {
        String name = "filter " + context.getFilterRegistrations().size();
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        EnumSet<DispatcherType> dispatchers = EnumSet.of(DispatcherType.REQUEST, types);
        registration.addMappingForUrlPatterns(dispatchers, true, path);
        registration.setAsyncSupported(true);
    }

    HttpRequest.Builder request(String path) {
        int port = tomcat.getConnector().getLocalPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    HttpResponse<String> get(String path, String... authorization) {
        HttpRequest.Builder request = request(path);
        for (String value : authorization) {
            request.header("Authorization", value);
        }
        return send(request);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
