package dev.jeton.e2e.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.Jeton;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A packaged server with little memory and little patience, and what it held before it was attacked. */
final class Victim implements AutoCloseable {
    /** Attacks are this many times as large, or as long, as in the build. */
    static final int SCALE = Integer.getInteger("jeton.attack.scale", 1);

    private static final Pattern USED = Pattern.compile("(?:DefNew|Tenured) +total \\d+K, used (\\d+)K");
    /** No attack is one, and that there are no more files is worth a warning. */
    private static final Pattern FAULT =
            Pattern.compile("^(?!.*Too many open files).*\"level\":\"(?!INFO)|OutOfMemory|LEAK|\tat ");

    private static final long MEBIBYTE = 1 << 20;
    /** What may stay of an attack: compiled code, caches, pooled buffers. */
    private static final long HEAP_MORE = 32 * MEBIBYTE;

    private static final long RESIDENT_MOST = 1_200 * MEBIBYTE;
    private static final int FILES_MORE = 8;

    private final RunningServer server;
    private final Path folder;
    private final long heapBefore;
    private final int filesBefore;
    private int faultsBefore;

    private Victim(RunningServer server, Path folder) throws Exception {
        this.server = server;
        this.folder = folder;
        try (HealthyClient warmUp = HealthyClient.start(this)) {
            warmUp.awaitAnswers(50);
        }
        this.heapBefore = liveHeap();
        this.filesBefore = server.openFiles();
    }

    static Victim start(Path folder, String... arguments) throws Exception {
        Map<String, String> settings = new HashMap<>(ManagementApi.BOOTSTRAP);
        settings.put("JETON_HTTP_HEADER_TIMEOUT", "2s");
        settings.put("JETON_HTTP_IDLE_TIMEOUT", "3s");
        settings.put("JETON_JAVA_OPTIONS", "-Xmx768m -XX:TieredStopAtLevel=1");
        List<String> serve = new ArrayList<>(List.of("serve", "--port", "0", "--data", "d"));
        serve.addAll(List.of(arguments));
        RunningServer server = new Jeton(folder).with(settings).start(serve.toArray(String[]::new));
        try {
            return new Victim(server, folder);
        } catch (Exception | AssertionError e) {
            server.close();
            throw e;
        }
    }

    String issuer() {
        return server.issuer();
    }

    int port() {
        return URI.create(server.issuer()).getPort();
    }

    RunningServer server() {
        return server;
    }

    /** What its clients trust. */
    SSLContext trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Path ca = folder.resolve("d/tls/ca.pem");
        if (Files.exists(ca)) {
            try (InputStream pem = Files.newInputStream(ca)) {
                store.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** The bytes of objects that are reachable, after a collection. */
    long liveHeap() throws IOException, InterruptedException {
        String info = jcmd("GC.run", "GC.heap_info");
        long kibibytes = USED.matcher(info)
                .results()
                .map(MatchResult::group)
                .map(line -> line.replaceAll(".*used (\\d+)K", "$1"))
                .mapToLong(Long::parseLong)
                .sum();
        assertThat(kibibytes).as(info).isPositive();
        return kibibytes << 10;
    }

    private String jcmd(String... commands) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("jcmd.txt"), List.of(commands));
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server.processId()),
                        "-f",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }

    /** Memory and files are what they were before all attacks, or soon will be. */
    void assertRecovered() throws Exception {
        Await.until("the files of the attackers are closed", () -> server.openFiles() <= filesBefore + FILES_MORE);
        long live = liveHeap();
        System.out.printf(
                "  live heap %d MiB (%d before), resident %d MiB, %d files (%d before)%n",
                live / MEBIBYTE,
                heapBefore / MEBIBYTE,
                server.residentBytes() / MEBIBYTE,
                server.openFiles(),
                filesBefore);
        assertThat(live).as("live heap").isLessThan(heapBefore + HEAP_MORE);
        assertThat(server.residentBytes()).as("resident").isLessThan(RESIDENT_MOST);
        List<String> faults = (server.out() + server.err())
                .lines()
                .filter(line -> FAULT.matcher(line).find())
                .toList();
        List<String> news = faults.subList(faultsBefore, faults.size());
        faultsBefore = faults.size();
        assertThat(news).as("faults in the log").isEmpty();
    }

    @Override
    public void close() {
        server.close();
    }
}
