package dev.jeton.extension;

import dev.jeton.http.ApiError;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Installs npm packages into a folder of its own each time: no scripts of theirs run, and packages with native code are
 * refused.
 */
public final class NpmDependencies implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int AT_ONCE = 2;
    private static final int MAX_OUTPUT_BYTES = 64 * 1024;
    private static final int MAX_REASON = 400;
    private static final long MAX_MANIFEST_BYTES = 1024 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private static final List<String> INSTALL = List.of(
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--omit=dev",
            "--no-bin-links",
            "--no-package-lock",
            "--no-update-notifier",
            "--global=false",
            "--json");
    private static final String OF_NPM = "npm_config_";
    /** What npm needs besides its own settings to reach a registry of a company's. */
    private static final Set<String> OF_THE_NETWORK =
            Set.of("http_proxy", "https_proxy", "all_proxy", "no_proxy", "proxy", "noproxy", "node_extra_ca_certs");

    private static final Pattern SECRET_NAME = Pattern.compile("auth|token|password", Pattern.CASE_INSENSITIVE);
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/@\\s]*@");

    /** What may stand for an exact version: the newest that the registry recommends. */
    public static final String LATEST = "latest";

    /**
     * What npm made of some packages.
     *
     * @param versions the exact version of each package that was asked for
     */
    public record Installed(DependencyTree tree, Map<String, String> versions) {
        public Installed {
            versions = Map.copyOf(versions);
        }
    }

    private final Map<String, String> environment;
    private final Duration atMost;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param environment the server's: npm is looked for on its {@code PATH} and gets, of all the rest, only npm's own
     *     settings and those of proxies
     * @param atMost how long an installation may take
     */
    public NpmDependencies(Map<String, String> environment, Duration atMost) {
        this.environment = Map.copyOf(environment);
        this.atMost = atMost;
    }

    /**
     * Installs these packages, each in exactly that version or the {@link #LATEST}, and what they depend on; empty if
     * there are none. Blocks as long as npm takes.
     *
     * @throws ApiError.ApiException if it cannot be done, with the package and npm's reason
     */
    public Optional<Installed> install(Map<String, String> dependencies) {
        if (dependencies.isEmpty()) {
            return Optional.empty();
        }
        Path npm = SearchPath.of(environment)
                .find("npm")
                .orElseThrow(() -> new ApiError(
                                503,
                                "Dependencies are installed with npm, which is not on the server's PATH: install Node.js"
                                        + " with npm there, or leave out dependencies",
                                "npm_not_found")
                        .exception());
        if (!turns.tryAcquire()) {
            throw new ApiError(
                            429,
                            "Dependencies are being installed for " + AT_ONCE + " others; try again in a minute",
                            "hook_dependencies_busy")
                    .exception();
        }
        try {
            return Optional.of(installIn(Files.createTempDirectory("jeton-npm"), npm, dependencies));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            turns.release();
        }
    }

    private Installed installIn(Path folder, Path npm, Map<String, String> dependencies) throws IOException {
        try {
            Files.write(
                    folder.resolve("package.json"),
                    JSON.writeValueAsBytes(Map.of("private", true, "dependencies", dependencies)));
            run(npm, folder, dependencies);
            Path modules = folder.resolve("node_modules");
            if (!Files.isDirectory(modules)) {
                throw notInstalled(dependencies, "npm ended without a word and without a package");
            }
            // Names the registry, and nothing reads it any more.
            Files.deleteIfExists(modules.resolve(".package-lock.json"));
            refuseNative(modules);
            return new Installed(DependencyTree.pack(modules), versions(modules, dependencies));
        } catch (DependencyTree.CannotBeKeptException e) {
            throw ApiError.badRequest(
                    "The dependencies " + named(dependencies) + " cannot be kept: " + e.getMessage(),
                    "hook_dependencies_unfit");
        } finally {
            WorkerRuntime.delete(folder);
        }
    }

    private void run(Path npm, Path folder, Map<String, String> dependencies) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(npm.toString()), INSTALL.stream())
                        .toList())
                .directory(folder.toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environmentIn(folder));
        Process process = builder.start();
        running.add(process);
        try {
            if (closed) {
                throw stopping();
            }
            FutureTask<String> output = new FutureTask<>(() -> beginning(process.getInputStream()));
            Thread.ofPlatform().name("jeton-npm-output").daemon().start(output);
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw notInstalled(dependencies, "npm had not ended after " + atMost.toSeconds() + " s");
            }
            if (closed) {
                throw stopping();
            }
            if (process.exitValue() != 0) {
                throw notInstalled(dependencies, reason(lastWords(output), process.exitValue()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw stopping();
        } finally {
            destroy(process);
            running.remove(process);
        }
    }

    private Map<String, String> environmentIn(Path folder) {
        Map<String, String> own = new HashMap<>(handedOn());
        own.put("PATH", SearchPath.of(environment).value());
        own.put("HOME", folder.toString());
        return own;
    }

    private Map<String, String> handedOn() {
        return environment.entrySet().stream()
                .filter(variable -> isHandedOn(variable.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isHandedOn(String name) {
        return name.startsWith(OF_NPM) || OF_THE_NETWORK.contains(name);
    }

    /** Reads to the end, so that npm never waits, and keeps what comes first. */
    private static String beginning(InputStream output) throws IOException {
        byte[] kept = output.readNBytes(MAX_OUTPUT_BYTES);
        output.transferTo(OutputStream.nullOutputStream());
        return new String(kept, StandardCharsets.UTF_8);
    }

    private static String lastWords(FutureTask<String> output) throws InterruptedException {
        try {
            return output.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return "";
        }
    }

    private static void destroy(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** npm's own summary of its error. */
    private String reason(String output, int status) {
        String summary = "";
        try {
            summary = JSON.readTree(output.substring(Math.max(0, output.indexOf('{'))))
                    .path("error")
                    .path("summary")
                    .asString("");
        } catch (JacksonException _) {
            // npm died before it could say anything.
        }
        return summary.isBlank()
                ? "npm ended with status " + status
                : withoutSecrets(summary.lines().findFirst().orElse(""));
    }

    private String withoutSecrets(String text) {
        String clean = CREDENTIALS.matcher(text).replaceAll("//");
        for (Map.Entry<String, String> variable : handedOn().entrySet()) {
            if (!variable.getValue().isEmpty()
                    && SECRET_NAME.matcher(variable.getKey()).find()) {
                clean = clean.replace(variable.getValue(), "[secret]");
            }
        }
        return clean.length() <= MAX_REASON ? clean : clean.substring(0, MAX_REASON) + "…";
    }

    private static ApiError.ApiException stopping() {
        return new ApiError(503, "The server is stopping; try again", "temporarily_unavailable").exception();
    }

    private static ApiError.ApiException notInstalled(Map<String, String> dependencies, String reason) {
        return ApiError.badRequest(
                "npm could not install " + named(dependencies) + ": " + reason, "hook_dependencies_not_installed");
    }

    private static String named(Map<String, String> dependencies) {
        return dependencies.entrySet().stream()
                .map(dependency -> dependency.getKey() + "@" + dependency.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static Map<String, String> versions(Path modules, Map<String, String> dependencies) throws IOException {
        Map<String, String> versions = new HashMap<>(dependencies);
        for (Map.Entry<String, String> dependency : versions.entrySet()) {
            if (dependency.getValue().equals(LATEST)) {
                Path manifest = modules.resolve(dependency.getKey()).resolve("package.json");
                dependency.setValue(version(manifest)
                        .filter(Dependency::isExact)
                        .orElseThrow(() ->
                                notInstalled(dependencies, dependency.getKey() + " does not say which version it is")));
            }
        }
        return versions;
    }

    private static Optional<String> version(Path manifest) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(manifest)).path("version").asStringOpt();
        } catch (JacksonException | NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static void refuseNative(Path modules) throws IOException {
        try (Stream<Path> files = Files.walk(modules)) {
            files.filter(Files::isRegularFile)
                    .filter(NpmDependencies::isNative)
                    .map(modules::relativize)
                    .min(Comparator.naturalOrder())
                    .ifPresent(file -> {
                        throw ApiError.badRequest(
                                "Package " + packageOf(file) + " has native code (" + file + "), which is not run here:"
                                        + " use one that is JavaScript throughout",
                                "hook_dependency_native");
                    });
        }
    }

    private static boolean isNative(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".node")
                || name.equals("binding.gyp")
                || (name.equals("package.json") && saysNative(file));
    }

    private static boolean saysNative(Path manifest) {
        try {
            return Files.size(manifest) <= MAX_MANIFEST_BYTES
                    && JSON.readTree(Files.readAllBytes(manifest))
                            .path("gypfile")
                            .asBoolean(false);
        } catch (JacksonException _) {
            // Broken examples lie about in some packages; npm has read the ones that count.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The package to which a file below {@code node_modules} belongs. */
    private static String packageOf(Path file) {
        Path inside = file;
        for (int i = 0; i < file.getNameCount(); i++) {
            if (file.getName(i).toString().equals("node_modules")) {
                inside = file.subpath(i + 1, file.getNameCount());
            }
        }
        String first = inside.getName(0).toString();
        return first.startsWith("@") ? first + "/" + inside.getName(1) : first;
    }

    /** Ends what is being installed; nothing is from then on. */
    @Override
    public void close() {
        closed = true;
        running.forEach(NpmDependencies::destroy);
    }
}
