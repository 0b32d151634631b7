package dev.jeton.doctor;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.sun.management.OperatingSystemMXBean;
import dev.jeton.config.Config;
import dev.jeton.config.Config.HookSandbox;
import dev.jeton.extension.Programs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Java, the cryptography, memory, the programs for Hooks and Actions, and the clock. */
final class MachineChecks {
    private static final int TRIED_WITH = 25;
    /** The launcher says by which rule it found the JDK. */
    private static final String FOUND_BY = "jeton.jdk.found_by";

    /** {@code package.json} of the dashboard asks for it. */
    private static final int BUILDS_WITH_NODE = 20;

    private static final int BUILDS_WITH_NODE_MINOR = 19;

    private static final String INSTALL_NODE = "install Node.js " + BUILDS_WITH_NODE + "." + BUILDS_WITH_NODE_MINOR
            + " or newer, and put it first on the PATH of the server";
    private static final int LEAST_HEAP_MIB = 64;
    private static final int PATIENCE_SECONDS = 5;

    private final Setup setup;

    MachineChecks(Setup setup) {
        this.setup = setup;
    }

    List<Check> all() {
        return List.of(
                new Check("java", () -> List.of(java(Runtime.version().feature()))),
                new Check("cryptography", () -> List.of(cryptography(fastCryptographyTrouble()))),
                new Check("memory", () -> List.of(memory())),
                new Check("node", () -> List.of(node(programs()))),
                new Check("bubblewrap", () -> List.of(bubblewrap(setup.config().hooks(), programs()))),
                new Check("clock", () -> List.of(clock(setup.clock().instant(), built()), synchronization())));
    }

    private Programs programs() {
        return Programs.find(setup.config().hooks(), setup.environment());
    }

    static Finding java(int feature) {
        String found = Runtime.version() + " of " + System.getProperty("java.vendor") + " in "
                + System.getProperty("java.home") + ", found by "
                + System.getProperty(FOUND_BY, "the command that started it");
        return feature == TRIED_WITH
                ? Finding.ok(found)
                : Finding.warn(
                        found + "; Jeton is built and tried with " + TRIED_WITH,
                        "start it with ./jeton, which finds a JDK " + TRIED_WITH + ", or name one in JETON_JAVA_HOME");
    }

    /** Why the fast provider is not in use; null if it is. */
    private static @Nullable String fastCryptographyTrouble() {
        if (Security.getProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME) != null) {
            return null;
        }
        Throwable error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        return error == null ? "it is not healthy" : String.valueOf(error.getMessage());
    }

    static Finding cryptography(@Nullable String trouble) {
        return trouble == null
                ? Finding.ok("Amazon Corretto Crypto Provider " + AmazonCorrettoCryptoProvider.INSTANCE.getVersionStr())
                : Finding.warn(
                        "the JDK's own, as Amazon Corretto Crypto Provider does not load (" + trouble
                                + "): all works, and signatures take more processor time. Checking them took 2 times"
                                + " as long with RS256, 8 with ES256, 17 with EdDSA (bench/results/2026-11-26-verification.md)",
                        "its library is bundled for Linux on x86-64 with glibc: run Jeton there, or live with the cost");
    }

    private Finding memory() {
        long machine = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
        String given = setup.environment().getOrDefault("JETON_JAVA_OPTIONS", "");
        return memory(
                Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory(), machine, given);
    }

    static Finding memory(int processors, long heap, long machine, String javaOptions) {
        String cores = processors == 1 ? "1 processor" : processors + " processors";
        String sizes = cores + ", " + mib(machine) + " MiB of memory, of which the heap may take " + mib(heap)
                + (javaOptions.isBlank() ? "" : "; JETON_JAVA_OPTIONS is set");
        if (mib(heap) < LEAST_HEAP_MIB) {
            return Finding.warn(
                    sizes + ", which is little",
                    "give the machine or container more memory, or set JETON_JAVA_OPTIONS=-Xmx256m");
        }
        if (heap > machine / 4 * 3) {
            return Finding.warn(
                    sizes + ": with what Java and the workers of Hooks take beside it, the system may kill the server",
                    "lower -Xmx in JETON_JAVA_OPTIONS to at most " + mib(machine / 2) + "m");
        }
        return Finding.ok(sizes);
    }

    private static long mib(long bytes) {
        return bytes >> 20;
    }

    static Finding node(Programs programs) {
        if (programs.node().isEmpty()) {
            return Finding.warn(
                    "there is no Node.js on the PATH: tokens in which a Hook or an Action takes part are refused, and"
                            + " ./jeton cannot be built",
                    INSTALL_NODE);
        }
        Programs.Node node = programs.node().get();
        String found = node.major() + "." + node.minor() + " in " + node.program();
        if (!node.isFit()) {
            return Finding.warn(
                    found + " is too old: Hooks and Actions run on " + Programs.OLDEST_NODE + " or newer",
                    INSTALL_NODE);
        }
        boolean builds = node.major() > BUILDS_WITH_NODE
                || (node.major() == BUILDS_WITH_NODE && node.minor() >= BUILDS_WITH_NODE_MINOR);
        return builds
                ? Finding.ok(found)
                : Finding.warn(
                        found + " runs Hooks and Actions, and is too old to build the dashboard with", INSTALL_NODE);
    }

    static Finding bubblewrap(Config.Hooks hooks, Programs programs) {
        String setting = "hooks.sandbox is " + hooks.sandbox().name().toLowerCase(Locale.ROOT);
        if (programs.node().isEmpty()) {
            return Finding.warn("not tried, as there is no Node.js to start in it", "mend node first");
        }
        boolean works = programs.bubblewrap().isPresent() && programs.trouble().isEmpty();
        String found = programs.bubblewrap()
                .map(program -> program
                        + programs.trouble()
                                .map(said -> " does not work here: " + said)
                                .orElse(" starts Node.js"))
                .orElse("there is no bwrap on the PATH");
        String mend = programs.bubblewrap().isEmpty()
                ? "install it: apt-get install bubblewrap"
                : "let this user make user namespaces (sysctl kernel.unprivileged_userns_clone=1, or on Ubuntu"
                        + " kernel.apparmor_restrict_unprivileged_userns=0; in a container, what its runtime allows)";
        if (hooks.sandbox() == HookSandbox.OFF) {
            return hooks.network()
                    ? Finding.warn(
                            found + "; " + setting + ", so Hooks and Actions run with the rights of the server",
                            "leave hooks.sandbox out, or use only code that you trust")
                    : Finding.fail(
                            setting + " and hooks.network is false, which takes it: no Hook or Action runs",
                            "leave hooks.sandbox out");
        }
        if (works) {
            return Finding.ok(found + "; " + setting + ", so Hooks and Actions run inside it");
        }
        if (hooks.sandbox() == HookSandbox.REQUIRE || !hooks.network()) {
            String why = hooks.sandbox() == HookSandbox.REQUIRE ? setting : "hooks.network is false";
            return Finding.fail(found + "; " + why + ", so no Hook or Action runs", mend);
        }
        return Finding.warn(
                found + "; " + setting + ", so Hooks and Actions run with the rights of the server",
                mend + "; until then, use only code that you trust");
    }

    /** When this program was packaged or installed, by its file. */
    private static Instant built() throws IOException, URISyntaxException {
        Path program = Path.of(MachineChecks.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return Files.getLastModifiedTime(program).toInstant();
    }

    static Finding clock(Instant now, Instant built) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return now.isBefore(built)
                ? Finding.fail(
                        "it says " + time + ", and Jeton's file is of " + built.truncatedTo(ChronoUnit.SECONDS)
                                + ": the clock is wrong, and with it iat and exp of every token",
                        "set it by NTP: timedatectl set-ntp true")
                : Finding.ok("it says " + time);
    }

    private Finding synchronization() throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                String said = ended && process.exitValue() == 0
                        ? new String(process.getInputStream().readNBytes(16), StandardCharsets.US_ASCII).strip()
                        : "";
                return synchronization(said);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            return synchronization("");
        }
    }

    /** @param said {@code yes}, {@code no}, or anything else if there is nobody to ask */
    static Finding synchronization(String said) {
        return switch (said) {
            case "yes" -> Finding.ok("timedatectl says that it is synchronized");
            case "no" ->
                Finding.warn("timedatectl says that it is not synchronized", "set it by NTP: timedatectl set-ntp true");
            default ->
                Finding.ok("whether it is synchronized cannot be told here: no timedatectl answers"
                        + " (in a container, the host's clock counts)");
        };
    }
}
