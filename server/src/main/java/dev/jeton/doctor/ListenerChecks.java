package dev.jeton.doctor;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.Host;
import dev.jeton.oauth.Issuer;
import dev.jeton.tls.IdentitySource;
import dev.jeton.tls.ServerIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The port, the certificate, and whether the issuer leads to a server. */
final class ListenerChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    /** Public authorities renew about a month before the end, so that this late something is broken. */
    private static final long RENEWED_BY_DAYS = 14;

    private final Setup setup;
    private final Config config;

    ListenerChecks(Setup setup) {
        this.setup = setup;
        this.config = setup.config();
    }

    List<Check> all() {
        return List.of(
                new Check("port", () -> List.of(port())),
                new Check("tls", this::tls),
                new Check("issuer", this::issuer));
    }

    private Optional<String> running() throws IOException {
        try {
            return setup.runningServer();
        } catch (AccessDeniedException _) {
            return Optional.empty(); // said by the check of the server
        }
    }

    private Finding port() throws IOException {
        int port = config.http().port();
        String host = config.http().host().value();
        Optional<String> running = running();
        if (port == 0) {
            return Finding.ok("any free one is taken at each start");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server does: connections of one that has just ended do not count
            socket.bind(new InetSocketAddress(host, port), 1);
        } catch (BindException e) {
            return taken(host, port, String.valueOf(e.getMessage()), running);
        } catch (IOException | RuntimeException e) {
            return Finding.fail(
                    host + " cannot be listened on: " + e.getMessage(),
                    "choose an address of this machine with --host");
        }
        return running.isEmpty()
                ? Finding.ok(port + " on " + host + " is free")
                : Finding.warn(
                        port + " on " + host + " is free, although a server runs: " + running.get(),
                        "give doctor the same flags and variables as that server");
    }

    private Finding taken(String host, int port, String why, Optional<String> running) {
        if (why.contains("denied")) {
            return Finding.fail(
                    "this user may not listen on " + host + ":" + port,
                    "choose a port above 1023 with --port, or let the service manager give it the port");
        }
        if (!why.contains("in use")) {
            return Finding.fail(
                    host + ":" + port + " cannot be listened on: " + why,
                    "choose an address of this machine with --host");
        }
        return running.map(process -> Finding.ok(port + " on " + host + " is in use, as a server runs: " + process))
                .orElseGet(() -> Finding.fail(
                        port + " on " + host + " is in use by "
                                + (isJeton(host, port)
                                        ? "another Jeton server, on another data folder"
                                        : "another program, or another server whose certificate is not known here"),
                        "stop it (ss -ltnp 'sport = :" + port + "' names it), or choose another with --port"));
    }

    private boolean isJeton(String host, int port) {
        String scheme = config.tls() instanceof Config.Tls.None ? "http" : "https";
        boolean isWildcard = config.http().host().isWildcard();
        String base = scheme + "://" + (isWildcard ? "localhost" : new Host(host).inUrl()) + ":" + port + "/";
        try {
            return get(base + "health/live").json().path("status").asString("").equals("ok");
        } catch (IOException | GeneralSecurityException | InterruptedException _) {
            return false; // whatever it is
        }
    }

    private List<Finding> tls() {
        Optional<ServerIdentity> stored;
        Instant now = setup.clock().instant();
        try {
            stored = IdentitySource.stored(config, setup.files().tls(), now);
        } catch (ConfigException e) {
            return List.of(Finding.failing(Setup.line(e), "give another pair by --tls cert.pem,key.pem"));
        }
        return switch (config.tls()) {
            case Config.Tls.None _ -> List.of(Finding.ok("plain HTTP: " + whyPlain()));
            case Config.Tls.SelfSigned _ ->
                List.of(stored.map(ca -> own(ca, now))
                        .orElseGet(() -> Finding.ok("self-signed; the first start makes the CA in "
                                + setup.files().tls())));
            case Config.Tls.Pem _ -> pem(stored.orElseThrow(), now);
        };
    }

    private String whyPlain() {
        if (!config.http().behindProxy().isEmpty()) {
            return "a proxy in front ends TLS";
        }
        return config.http().host().isLoopback() ? "this machine only" : "see settings";
    }

    private Finding own(ServerIdentity ca, Instant now) {
        long days = days(ca, now);
        String text =
                "self-signed, by the CA in " + setup.files().tls() + ", which is valid for " + days + " days more";
        return days > RENEWED_BY_DAYS
                ? Finding.ok(text)
                : Finding.warn(
                        text + ": it is not renewed by itself",
                        "stop the server, delete " + setup.files().tls()
                                + ", start it, and give the new ca.pem to every client");
    }

    private List<Finding> pem(ServerIdentity identity, Instant now) {
        List<Finding> findings = new ArrayList<>();
        long days = days(identity, now);
        String valid = "the certificate and its key fit, and it is valid for " + days + " days more";
        findings.add(
                days > RENEWED_BY_DAYS
                        ? Finding.ok(valid)
                        : Finding.warn(valid, "renew it; the server reads the new files by itself"));
        String host = config.issuerAt(config.http().port()).host();
        findings.add(
                identity.isFor(host)
                        ? Finding.ok("it is for the issuer's host, " + host)
                        : Finding.fail(
                                "it is not for the issuer's host, " + host + ", so clients refuse it",
                                "get one with that name among its subject alternative names, or set the issuer right"));
        try {
            findings.add(chain(identity.chain(), Trust.ofJava()));
        } catch (GeneralSecurityException e) {
            findings.add(
                    Finding.warn("whom Java trusts cannot be told: " + e, "look at the JDK's lib/security/cacerts"));
        }
        return findings;
    }

    private static long days(ServerIdentity identity, Instant now) {
        return Duration.between(now, identity.chain().getFirst().getNotAfter().toInstant())
                .toDays();
    }

    /** @param trusted authorities that clients know */
    static Finding chain(List<X509Certificate> chain, List<X509Certificate> trusted) {
        for (int i = 1; i < chain.size(); i++) {
            if (!isSignedBy(chain.get(i - 1), chain.get(i))) {
                return Finding.fail(
                        "certificate " + i + " of its chain is not signed by certificate " + (i + 1)
                                + ", only by one of" + " the same name",
                        "put the file together from what your authority sent with this certificate");
            }
        }
        X509Certificate last = chain.getLast();
        String issuer = last.getIssuerX500Principal().getName();
        if (trusted.contains(last) || trusted.stream().anyMatch(authority -> isSignedBy(last, authority))) {
            return Finding.ok("its chain leads to an authority that Java trusts: " + issuer);
        }
        return Finding.warn(
                "its chain ends at " + issuer + ", which Java does not trust",
                isSignedBy(last, last)
                        ? "right for an authority of your own: every client must be given it (--ca of the command line)"
                        : "give the full chain (fullchain.pem), or, if that is an authority of your own, its certificate"
                                + " to every client");
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private List<Finding> issuer() throws IOException, GeneralSecurityException, InterruptedException {
        Optional<String> running = running();
        if (config.issuer().isEmpty() && config.http().port() == 0) {
            return List.of(Finding.ok("follows from the port, which is chosen at each start"));
        }
        Issuer issuer = config.issuerAt(config.http().port());
        List<Finding> findings = new ArrayList<>();
        form(config, issuer).ifPresent(findings::add);
        findings.add(
                running.isPresent()
                        ? answer(issuer)
                        : Finding.ok(issuer + "; whether it leads here is told while a server runs"));
        return findings;
    }

    /** What is odd about the URL beside what else is set. */
    static Optional<Finding> form(Config config, Issuer issuer) {
        boolean isPlain = config.tls() instanceof Config.Tls.None;
        boolean isProxied = !config.http().behindProxy().isEmpty();
        URI url = URI.create(issuer.value());
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        if (isPlain && !isProxied && url.getScheme().equals("https")) {
            return Optional.of(Finding.warn(
                    issuer + " is https, and the server speaks plain HTTP with no proxy named: if one is in front, all"
                            + " requests seem to come from it, in the log and for throttling",
                    "name its addresses with --behind-proxy, or give --tls"));
        }
        if (!isProxied && config.http().port() != 0 && port != config.http().port()) {
            return Optional.of(Finding.warn(
                    issuer + " names port " + port + ", and the server listens on "
                            + config.http().port(),
                    "right if something forwards the one to the other; otherwise set the port in --issuer or --port"));
        }
        if (new Host(bare(issuer.host())).isLoopback() && !config.http().host().isLoopback()) {
            return Optional.of(Finding.warn(
                    issuer + " is this machine's name for itself, and the server listens for others too: they cannot"
                            + " use what it tells them",
                    "set --issuer to the URL by which clients reach it"));
        }
        return Optional.empty();
    }

    private static String bare(String host) {
        return host.replaceAll("^\\[|]$", "");
    }

    private Finding answer(Issuer issuer) throws GeneralSecurityException, InterruptedException {
        String url = issuer.url("health/ready");
        Answer answer;
        try {
            answer = get(url);
        } catch (SSLException e) {
            return Finding.fail(
                    "GET " + url + ": no TLS connection (" + e.getMessage() + ")",
                    "see what answers there: openssl s_client -connect "
                            + URI.create(issuer.value()).getAuthority());
        } catch (IOException e) {
            return Finding.fail(
                    "GET " + url + " is not answered from this machine ("
                            + (e instanceof ConnectException ? "no connection" : e.toString())
                            + "), although a server runs",
                    "let its name resolve and its port pass from here too: the command line calls it, and so do clients");
        }
        String status = answer.json().path("status").asString("");
        if (answer.status() == 200 && status.equals("ok")) {
            return Finding.ok("GET " + url + " says that the server is ready");
        }
        return status.equals("unavailable")
                ? Finding.fail(
                        "GET " + url + " says that the server is not ready: "
                                + answer.json().path("reasons"),
                        "the reasons say what to mend; docs/operations.md, When things break, has more")
                : Finding.fail(
                        "GET " + url + " is answered with " + answer.status() + ", and not by Jeton",
                        "see what proxy or other server has that address, and where it forwards to");
    }

    private record Answer(int status, JsonNode json) {}

    private Answer get(String url) throws IOException, GeneralSecurityException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.with(own()))
                .build()) {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Answer(response.statusCode(), json(body.readNBytes(MAX_ANSWER_BYTES)));
            } finally {
                http.shutdownNow();
            }
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JacksonException _) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    /** The server's own certificates: whether clients know them is another check. */
    private List<X509Certificate> own() {
        try {
            return IdentitySource.stored(
                            config, setup.files().tls(), setup.clock().instant())
                    .map(ServerIdentity::chain)
                    .orElse(List.of());
        } catch (ConfigException _) {
            return List.of();
        }
    }
}
