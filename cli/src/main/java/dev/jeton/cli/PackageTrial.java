package dev.jeton.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Installs npm packages as the server does when a Hook is saved, to see what comes of it, and keeps nothing. No scripts
 * of theirs run.
 */
final class PackageTrial {
    private static final Duration AT_MOST = Duration.ofMinutes(2);
    private static final int MOST_OUTPUT_BYTES = 64 << 10;
    private static final int MOST_REASON = 400;
    private static final int MOST_NAMED = 200;
    private static final long MOST_MANIFEST_BYTES = 1 << 20;

    /** The server's, in its NpmDependencies: with others, another tree could come of it. */
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
    private static final Set<String> OF_THE_NETWORK =
            Set.of("http_proxy", "https_proxy", "all_proxy", "no_proxy", "proxy", "noproxy", "node_extra_ca_certs");
    private static final Set<String> NOWHERE = Set.of("E404", "ETARGET", "ENOVERSIONS", "EINVALIDPACKAGENAME");
    private static final Pattern SECRET_NAME = Pattern.compile("auth|token|password", Pattern.CASE_INSENSITIVE);
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/@\\s]*@");

    private final Shell shell;
    private final Path npm;

    PackageTrial(Shell shell) {
        this.shell = shell;
        this.npm = shell.program("npm")
                .orElseThrow(() -> Failure.refused("--install takes npm, which is not on the PATH")
                        .mendedBy("install it with Node.js, or check without --install"));
    }

    /**
     * What comes of an installation, in the form that {@code installed.mjs} describes.
     *
     * @param packages each with an exact version, or with {@code latest}
     */
    JsonNode install(Map<String, String> packages) {
        try (ScratchFolder folder = ScratchFolder.make("jeton-npm", shell)) {
            ObjectNode manifest = Json.object().put("private", true);
            ObjectNode dependencies = manifest.putObject("dependencies");
            packages.forEach(dependencies::put);
            Files.writeString(folder.path().resolve("package.json"), Json.compact(manifest));
            ChildProcess.Ended ended = run(folder.path());
            Path modules = folder.path().resolve("node_modules");
            if (ended.status() != 0) {
                return failed(ended);
            }
            if (!Files.isDirectory(modules)) {
                return Json.object().put("failed", "npm ended without a word and without a package");
            }
            Files.deleteIfExists(modules.resolve(".package-lock.json")); // the server does not keep it either
            return new Tree(modules, packages.keySet()).told();
        } catch (TimeoutException _) {
            return Json.object().put("failed", "npm had not ended after " + AT_MOST.toSeconds() + " s");
        } catch (IOException e) {
            return Json.object().put("failed", "what npm installed cannot be read: " + e);
        }
    }

    private ChildProcess.Ended run(Path folder) throws IOException, TimeoutException {
        Map<String, String> environment = new HashMap<>(handedOn());
        environment.put("PATH", shell.variable("PATH").orElse(""));
        environment.put("HOME", folder.toString());
        List<String> command = new ArrayList<>(List.of(npm.toString()));
        command.addAll(INSTALL);
        return new ChildProcess(command, folder, environment, Optional.empty(), AT_MOST, MOST_OUTPUT_BYTES).run();
    }

    /** npm's own settings and those of proxies, of all that the environment has. */
    private Map<String, String> handedOn() {
        return shell.env().entrySet().stream()
                .filter(variable -> isHandedOn(variable.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isHandedOn(String name) {
        return name.startsWith(OF_NPM) || OF_THE_NETWORK.contains(name);
    }

    private JsonNode failed(ChildProcess.Ended ended) {
        JsonNode error = Json.object();
        try {
            String output = ended.output();
            error = Json.parse(output.substring(Math.max(0, output.indexOf('{'))))
                    .path("error");
        } catch (JacksonException _) {
            // npm died before it could say anything.
        }
        String summary = Json.text(error, "summary").lines().findFirst().orElse("");
        return Json.object()
                .put("failed", summary.isBlank() ? "npm ended with status " + ended.status() : withoutSecrets(summary))
                .put("absent", NOWHERE.contains(Json.text(error, "code")));
    }

    private String withoutSecrets(String text) {
        String clean = CREDENTIALS.matcher(text).replaceAll("//");
        for (Map.Entry<String, String> variable : handedOn().entrySet()) {
            if (!variable.getValue().isEmpty()
                    && SECRET_NAME.matcher(variable.getKey()).find()) {
                clean = clean.replace(variable.getValue(), "[secret]");
            }
        }
        return clean.length() <= MOST_REASON ? clean : clean.substring(0, MOST_REASON) + "…";
    }

    /** What lies in a {@code node_modules} folder. */
    private static final class Tree extends SimpleFileVisitor<Path> {
        private final Path modules;
        private final Set<String> wanted;
        private final ObjectNode versions = Json.object();
        private final ObjectNode nativeOnes = Json.object();
        private final ObjectNode engines = Json.object();
        private final Counting packed = new Counting();
        private final ZipOutputStream zip = new ZipOutputStream(packed);
        private String unfit = "";
        private long bytes;

        Tree(Path modules, Set<String> wanted) {
            this.modules = modules;
            this.wanted = wanted;
        }

        JsonNode told() throws IOException {
            Files.walkFileTree(modules, this);
            zip.close();
            ObjectNode told = Json.object().put("bytes", bytes).put("packed", packed.bytes);
            told.set("packages", versions);
            told.set("native", nativeOnes);
            told.set("engines", engines);
            return unfit.isEmpty() ? told : told.put("unfit", unfit);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path inside = modules.relativize(file);
            if (!attributes.isRegularFile()) {
                unfit = inside.toString();
                return FileVisitResult.CONTINUE;
            }
            bytes += attributes.size();
            zip.putNextEntry(new ZipEntry(inside.toString()));
            Files.copy(file, zip);
            zip.closeEntry();
            look(file, inside);
            return FileVisitResult.CONTINUE;
        }

        private void look(Path file, Path inside) throws IOException {
            String name = file.getFileName().toString();
            JsonNode manifest = name.equals("package.json") ? manifest(file) : Json.object();
            boolean isNative = name.endsWith(".node")
                    || name.equals("binding.gyp")
                    || manifest.path("gypfile").asBoolean(false);
            String owner = packageOf(inside);
            if (isNative && nativeOnes.size() < MOST_NAMED) {
                nativeOnes.put(owner, inside.toString());
            }
            if (inside.equals(Path.of(owner, "package.json")) && wanted.contains(owner)) {
                versions.put(owner, Json.text(manifest, "version"));
            }
            String engine = Json.text(manifest.path("engines"), "node");
            if (!engine.isBlank() && engine.length() < 40 && engines.size() < MOST_NAMED) {
                engines.put(owner, engine);
            }
        }

        private static JsonNode manifest(Path file) throws IOException {
            try {
                return Files.size(file) <= MOST_MANIFEST_BYTES ? Json.parse(Files.readString(file)) : Json.object();
            } catch (JacksonException | CharacterCodingException _) {
                return Json.object(); // broken examples lie about in some packages; npm has read the ones that count
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
    }

    /** Swallows what is written to it, and counts. */
    private static final class Counting extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] all, int start, int length) {
            bytes += length;
        }
    }
}
