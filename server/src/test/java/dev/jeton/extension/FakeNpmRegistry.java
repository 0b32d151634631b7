package dev.jeton.extension;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An npm registry on loopback with the few packages that a test publishes. */
public final class FakeNpmRegistry implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int BLOCK = 512;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> packuments = new HashMap<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();

    public FakeNpmRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Ends with a slash. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** What npm must be given to ask here, and nowhere else. */
    public Map<String, String> environment() {
        return Map.of(
                "PATH",
                Objects.requireNonNull(System.getenv("PATH")),
                "npm_config_registry",
                uri().toString(),
                "npm_config_fetch_retries",
                "0");
    }

    /** Publishes a package of that manifest, whose name and version are given, and of these files. */
    public void publish(String name, String version, Map<String, ?> manifest, Map<String, String> files) {
        ObjectNode json = JSON.valueToTree(manifest);
        json.put("name", name).put("version", version);
        Map<String, String> all = new HashMap<>(files);
        all.put("package.json", json.toString());
        String tarball = "/tarballs/" + name.replace('/', '-') + "-" + version + ".tgz";
        byte[] content = tgz(all);
        ObjectNode dist = json.deepCopy();
        dist.putObject("dist").put("tarball", uri().resolve(tarball).toString()).put("integrity", integrity(content));
        ObjectNode packument =
                packuments.computeIfAbsent(name, _ -> JSON.createObjectNode().put("name", name));
        packument.withObject("dist-tags").put("latest", version);
        packument.withObject("versions").set(version, dist);
        answers.put(tarball, content);
        answers.put("/" + name, JSON.writeValueAsBytes((JsonNode) packument));
    }

    /** Puts other bytes where the package was. */
    public void corrupt(String name, String version) {
        answers.put("/tarballs/" + name + "-" + version + ".tgz", new byte[] {1, 2, 3});
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
        asked.add(path);
        authorizations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
        byte[] body = answers.get(path);
        exchange.getResponseHeaders()
                .set("Content-Type", path.endsWith(".tgz") ? "application/octet-stream" : "application/json");
        byte[] sent = body == null ? "{}".getBytes(StandardCharsets.UTF_8) : body;
        exchange.sendResponseHeaders(body == null ? 404 : 200, sent.length);
        exchange.getResponseBody().write(sent);
        exchange.close();
    }

    private static String integrity(byte[] content) {
        try {
            return "sha512-"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-512").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] tgz(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                gzip.write(tarHeader("package/" + file.getKey(), content.length));
                gzip.write(content);
                gzip.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
            }
            gzip.write(new byte[2 * BLOCK]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** POSIX.1-1988's ustar. */
    private static byte[] tarHeader(String name, int length) {
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        header.put(0, ascii(name));
        header.put(100, ascii("0000644\0"));
        header.put(108, ascii("0000000\0"));
        header.put(116, ascii("0000000\0"));
        header.put(124, ascii("%011o\0".formatted(length)));
        header.put(136, ascii("00000000000\0"));
        header.put(148, ascii("        "));
        header.put(156, ascii("0"));
        header.put(257, ascii("ustar\00000"));
        int sum = 0;
        for (byte value : header.array()) {
            sum += value & 0xff;
        }
        header.put(148, ascii("%06o\0 ".formatted(sum)));
        return header.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
