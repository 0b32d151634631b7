package dev.jeton.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code jeton doctor} with {@code --url} or {@code --profile}: looks at a server from this machine. */
@Command(
        name = "doctor",
        description = {
            "Look at a server from here, with --url or --profile: name, connection, certificate, health, metadata,"
                    + " keys, credentials, scopes, clock.",
            "",
            "Without either, jeton doctor looks at this machine and at the settings of a server on it."
        },
        footer = {
            "  jeton doctor --profile production",
            "  jeton doctor --url https://auth.example.com --ca ca.pem",
            "  jeton doctor --profile production --json"
        },
        exitCodeList = {"0:nothing fails", "1:something fails, as it says"})
final class DoctorCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);
    private static final int RENEWED_BY_DAYS = 14;
    private static final int SCOPES_TOLD = 10;

    private final Session session;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        DoctorReport report = new DoctorReport(session.output(), session.json());
        Optional<Credentials> credentials = credentials(report);
        // With those for this server comes the authority that it is pinned to.
        ServerAddress address = credentials
                .map(Credentials::server)
                .orElseGet(() -> session.sources().server());
        if (address.isExposed()) {
            report.warn(
                    "url",
                    address.issuer() + " is plain HTTP to another machine; secrets and tokens can be read on the way",
                    "serve it by TLS, and use https://");
        } else {
            report.ok("url", address.issuer().toString());
        }
        JetonServer server = new JetonServer(address, session.progress());
        if (!connects(report, address)) {
            report.end();
            return Failure.UNREACHABLE;
        }
        if (isReady(report, server)) {
            metadata(report, server);
            credentials.ifPresent(known -> token(report, server, known));
        }
        return report.end();
    }

    /** Whether it makes sense to ask on. */
    private boolean connects(DoctorReport report, ServerAddress address) {
        URI url = address.issuer();
        boolean isTls = "https".equalsIgnoreCase(url.getScheme());
        String host = url.getHost().replaceAll("^\\[|]$", "");
        int port = url.getPort() >= 0 ? url.getPort() : isTls ? 443 : 80;
        FutureTask<InetAddress[]> look = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().start(look);
        InetAddress[] addresses;
        try {
            addresses = look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            report.fail(
                    "name",
                    host + " has no address here",
                    "check the URL, and which name server this machine asks: getent hosts " + host);
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        report.ok(
                "name",
                host + " is "
                        + Stream.of(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
        InetSocketAddress server = new InetSocketAddress(addresses[0], port);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(server, (int) PATIENCE.toMillis());
            report.ok("connection", "port " + port + " of " + addresses[0].getHostAddress() + " answers");
            if (isTls) {
                certificate(report, socket, InetSocketAddress.createUnresolved(host, port));
            }
            return true;
        } catch (IOException e) {
            report.fail(
                    "connection",
                    "port " + port + " of " + addresses[0].getHostAddress() + ": " + e.getMessage(),
                    "is the server running there (./jeton doctor on its machine), and do firewalls let this machine in?");
            return false;
        }
    }

    private void certificate(DoctorReport report, Socket socket, InetSocketAddress server) {
        ShownCertificate shown;
        try {
            shown = ShownCertificate.of(socket, server);
        } catch (IOException e) {
            report.fail("tls", "no TLS there: " + e.getMessage(), "check http:// against https:// in the URL");
            return;
        }
        Instant now = session.shell().clock().instant();
        long days = shown.daysFrom(now);
        if (shown.isOverAt(now)) {
            report.fail("tls", shown.words() + ", and has expired", "renew it on the server");
        } else if (days < RENEWED_BY_DAYS) {
            report.warn("tls", shown.words() + ", valid for " + days + " days more", "renew it on the server");
        } else {
            report.ok("tls", shown.words() + ", valid for " + days + " days more");
        }
    }

    /** Whether it makes sense to ask on: an answer came, over TLS from whom we trust. */
    private static boolean isReady(DoctorReport report, JetonServer server) {
        Answer answer;
        try {
            answer = get(server, "health/ready", "ask whether the server is ready");
        } catch (Failure e) {
            report.fail("health", e);
            return false;
        }
        String status = Json.text(answer.body(), "status");
        if (answer.isSuccess() && status.equals("ok")) {
            report.ok("health", "the server is ready");
        } else if (status.equals("unavailable")) {
            report.fail(
                    "health",
                    "the server is not ready: " + String.join("; ", Json.texts(answer.body(), "reasons")),
                    "run ./jeton doctor on its machine");
        } else {
            report.fail(
                    "health",
                    "health/ready is answered with " + answer.status() + ", and not by Jeton",
                    "check the URL, and what proxy is in front");
            return false;
        }
        return true;
    }

    private static Answer get(JetonServer server, String path, String goal) {
        return server.send(goal, server.request(ApiPath.of(path)).GET().build());
    }

    private static void metadata(DoctorReport report, JetonServer server) {
        String url = server.address().issuer().toString();
        try {
            Answer answer = get(server, ".well-known/oauth-authorization-server", "read the metadata");
            JsonNode found = answer.body();
            if (!answer.isSuccess()) {
                report.fail(
                        "issuer",
                        "the metadata is answered with " + answer.status(),
                        "check the URL, and that the proxy in front lets /.well-known/ pass");
                return;
            }
            String issuer = Json.text(found, "issuer");
            if (issuer.equals(url)) {
                report.ok("issuer", "is the URL");
            } else {
                report.fail(
                        "issuer",
                        "is " + issuer + ", and the URL is " + url,
                        "use the issuer as URL, or set issuer on the server to it");
            }
            String jwks = Json.text(found, "jwks_uri");
            if (!jwks.equals(url + ".well-known/jwks.json")) {
                report.warn("keys", "the metadata names them at " + jwks, "see issuer");
                return;
            }
            long keys = get(server, ".well-known/jwks.json", "read the keys")
                    .body()
                    .path("keys")
                    .size();
            if (keys > 0) {
                report.ok("keys", keys + " in " + jwks);
            } else {
                report.fail("keys", "none in " + jwks, "run ./jeton doctor on its machine");
            }
        } catch (Failure e) {
            report.fail("issuer", e);
        }
    }

    private Optional<Credentials> credentials(DoctorReport report) {
        try {
            return Optional.of(session.sources().credentials());
        } catch (Failure e) {
            report.warn("credentials", e.message(), e.mend().orElse("give some to have them tried"));
            return Optional.empty();
        }
    }

    private void token(DoctorReport report, JetonServer server, Credentials credentials) {
        String who = credentials.clientId() + ", from " + credentials.source();
        Instant before = session.shell().clock().instant();
        Answer answer;
        try {
            answer = new TokenRequest(
                            credentials.clientId(),
                            credentials.secret(),
                            TokenRequest.Authentication.POST,
                            server.address().managementAudience(),
                            List.of())
                    .send("get a management token", server);
        } catch (Failure e) {
            report.fail("credentials", e);
            return;
        }
        if (!answer.isSuccess()) {
            report.fail(
                    "credentials",
                    "refused: " + answer.reason() + " (" + who + ")",
                    answer.status() == 401
                            ? "check the client id and its secret; jeton login stores new ones"
                            : "docs/troubleshoot.md has this text, its cause and its cure");
            return;
        }
        report.ok("credentials", "accepted: " + who);
        try {
            JsonNode claims = UnverifiedToken.decode(Json.text(answer.body(), "access_token"))
                    .claims();
            scopes(report, Json.text(claims, "scope"), server, credentials);
            clock(report, before, Instant.ofEpochSecond(claims.path("iat").asLong(0)));
        } catch (Failure e) {
            report.fail("scopes", e);
        }
    }

    private static void scopes(DoctorReport report, String scope, JetonServer server, Credentials credentials) {
        if (scope.isBlank()) {
            report.warn(
                    "scopes",
                    "none at " + server.address().managementAudience(),
                    "have somebody grant them: jeton grants update, for application " + credentials.clientId());
        } else {
            List<String> scopes = List.of(scope.split(" "));
            String some = scopes.stream().limit(SCOPES_TOLD).collect(Collectors.joining(" "));
            report.ok("scopes", scopes.size() + ": " + some + (scopes.size() > SCOPES_TOLD ? " …" : ""));
        }
    }

    /** The server's clock is told by when it issued the token, to the second: its answers have no date. */
    private void clock(DoctorReport report, Instant before, Instant issued) {
        Instant after = session.shell().clock().instant();
        Duration off = issued.isAfter(after)
                ? Duration.between(after, issued)
                : Duration.between(issued.plusSeconds(1), before);
        Duration apart = off.isNegative() ? Duration.ZERO : off;
        String text = "the server's and this machine's differ by " + apart.toSeconds() + " s";
        String cure = "run NTP on both machines; one of the two is wrong";
        if (apart.compareTo(CLOCKS_AGREE) <= 0) {
            report.ok("clock", text);
        } else if (apart.compareTo(CLOCKS_DIFFER) <= 0) {
            report.warn("clock", text, cure);
        } else {
            report.fail("clock", text, cure);
        }
    }
}
