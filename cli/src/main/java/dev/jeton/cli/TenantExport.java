package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What auth0-deploy-cli exported of a tenant: a folder with a file for each thing, or one {@code tenant.yaml} with the
 * files that it names. Nothing outside of the folder is read, whatever the export names.
 */
final class TenantExport {
    /** Things that Jeton has, by the folder, and by the name in {@code tenant.yaml}, that they are exported to. */
    enum Kind {
        API("resource-servers", "resourceServers"),
        CLIENT("clients", "clients"),
        GRANT("grants", "clientGrants"),
        HOOK("hooks", "hooks"),
        ACTION("actions", "actions"),
        LOG_STREAM("log-streams", "logStreams");

        private final String folder;
        private final String yamlName;

        Kind(String folder, String yamlName) {
            this.folder = folder;
            this.yamlName = yamlName;
        }
    }

    private static final int MAX_FILE_BYTES = 10_000_000;
    private static final int MAX_FILES = 100_000;
    private static final int MAX_FOLDERS_DEEP = 10;
    private static final String YAML = "tenant.yaml";
    private static final Pattern PLACEHOLDER = Pattern.compile("##(\\w+)##|\"?@@(\\w+)@@\"?");

    private final Path folder;
    private final Map<String, String> replacements;
    private final Map<Kind, List<ObjectNode>> things = new TreeMap<>();
    private final Map<String, Integer> others = new TreeMap<>();
    private final Set<String> unresolved = new LinkedHashSet<>();
    private JsonNode triggers = Json.object();
    private JsonNode settings = Json.object();
    private int filesRead;

    private TenantExport(Path folder, Map<String, String> replacements) {
        this.folder = folder;
        this.replacements = replacements;
    }

    /** @param replacements values for {@code ##KEY##} and {@code @@KEY@@}, by key */
    static TenantExport read(Path folder, Map<String, String> replacements) {
        if (!Files.isDirectory(folder)) {
            throw Failure.usage("there is no folder " + folder);
        }
        TenantExport export = new TenantExport(folder.toAbsolutePath().normalize(), replacements);
        for (Kind kind : Kind.values()) {
            export.things.put(kind, new ArrayList<>());
        }
        if (Files.exists(folder.resolve(YAML))) {
            export.readYaml();
        } else {
            export.readFolders();
        }
        if (export.isEmpty()) {
            throw Failure.usage(folder + " has nothing that auth0-deploy-cli exports: no " + YAML
                    + ", and no folder such as clients or resource-servers");
        }
        return export;
    }

    List<ObjectNode> all(Kind kind) {
        return things.getOrDefault(kind, List.of());
    }

    /** How many things there are to import; the bindings of all triggers are one. */
    int size() {
        return things.values().stream().mapToInt(List::size).sum()
                + (settings.isEmpty() ? 0 : 1)
                + (triggers.isEmpty() ? 0 : 1);
    }

    /** The Actions bound to a trigger, in their order, by name. */
    List<String> bound(String trigger) {
        return triggers.path(trigger).values().stream()
                .map(binding -> Json.text(binding, "action_name"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The other triggers that Actions are bound to. */
    List<String> triggersBeside(String trigger) {
        return triggers.propertyNames().stream()
                .filter(name -> !name.equals(trigger) && !triggers.path(name).isEmpty())
                .toList();
    }

    JsonNode settings() {
        return settings;
    }

    /** How many there are of each kind of thing that Jeton does not have. */
    Map<String, Integer> others() {
        return others;
    }

    /** Placeholders for which there is no value, as {@code ##KEY##}. */
    Set<String> unresolved() {
        return unresolved;
    }

    /** The code that a Hook or an Action names by its file, or the text itself. */
    String code(ObjectNode thing, String member) {
        String value = Json.text(thing, member);
        if (!value.endsWith(".js") || value.contains("\n") || value.contains("\0")) {
            return value;
        }
        // From the folder itself, beside a Hook's JSON, or behind a path of the machine that exported it.
        Path named = Path.of(value);
        int parts = named.getNameCount();
        return Stream.of(
                        folder.resolve(named),
                        folder.resolve(Kind.HOOK.folder).resolve(named),
                        folder.resolve(named.subpath(Math.max(0, parts - 2), parts)),
                        folder.resolve(named.subpath(Math.max(0, parts - 3), parts)))
                .filter(this::isInside)
                .findFirst()
                .map(file -> withValues(text(file), false))
                .orElseThrow(() -> Failure.refused("its code is not in the export: " + value));
    }

    /** A regular file below the folder, symbolic links followed. */
    private boolean isInside(Path file) {
        try {
            return Files.isRegularFile(file) && file.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isEmpty() {
        return things.values().stream().allMatch(List::isEmpty)
                && triggers.isEmpty()
                && settings.isEmpty()
                && others.isEmpty();
    }

    private void readFolders() {
        for (Kind kind : Kind.values()) {
            for (Path file : files(folder.resolve(kind.folder), "*.json")) {
                add(kind, json(file), file.toString());
            }
        }
        Path triggersFile = folder.resolve("triggers").resolve("triggers.json");
        triggers = Files.exists(triggersFile) ? json(triggersFile) : triggers;
        Path settingsFile = folder.resolve("tenant.json");
        settings = Files.exists(settingsFile) ? json(settingsFile) : settings;
        Set<String> known = new LinkedHashSet<>(List.of("triggers", "tenant.json"));
        List.of(Kind.values()).forEach(kind -> known.add(kind.folder));
        for (Path other : files(folder, "*")) {
            String name = other.getFileName().toString();
            if (!known.contains(name) && !name.startsWith(".")) {
                int count = countJson(other, MAX_FOLDERS_DEEP);
                if (count > 0) {
                    others.put(name, count);
                }
            }
        }
    }

    private void readYaml() {
        Path file = folder.resolve(YAML);
        JsonNode tenant;
        try {
            tenant = Yaml.parse(withValues(text(file), true));
        } catch (YamlEngineException e) {
            throw Failure.usage(file + " is not YAML that can be read: " + firstLine(e.getMessage()));
        }
        for (Kind kind : Kind.values()) {
            tenant.path(kind.yamlName).values().forEach(item -> add(kind, item, file + ", " + kind.yamlName));
        }
        triggers = tenant.path("triggers").isObject() ? tenant.path("triggers") : triggers;
        settings = tenant.path("tenant").isObject() ? tenant.path("tenant") : settings;
        Set<String> known = new LinkedHashSet<>(List.of("triggers", "tenant"));
        List.of(Kind.values()).forEach(kind -> known.add(kind.yamlName));
        tenant.properties().forEach(member -> {
            int count = member.getValue().isContainer() ? member.getValue().size() : 1;
            if (!known.contains(member.getKey()) && count > 0) {
                others.put(member.getKey(), count);
            }
        });
    }

    private void add(Kind kind, JsonNode item, String where) {
        if (!(item instanceof ObjectNode object)) {
            throw Failure.usage(where + " is no JSON object");
        }
        things.getOrDefault(kind, new ArrayList<>()).add(object);
    }

    private JsonNode json(Path file) {
        try {
            return Json.parse(withValues(text(file), true));
        } catch (JacksonException e) {
            throw Failure.usage(file + " is not JSON: " + firstLine(e.getOriginalMessage()));
        }
    }

    private static String firstLine(@Nullable String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }

    /** In code, what looks like a placeholder without a value may be meant as it stands. */
    private String withValues(String text, boolean report) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            String key = found.group(1) == null ? found.group(2) : found.group(1);
            String value = replacements.get(key);
            if (value == null) {
                if (!report) {
                    return Matcher.quoteReplacement(found.group());
                }
                unresolved.add(found.group().replace("\"", ""));
                return "null"; // so that the rest can be read, and all that lack a value are named at once
            }
            return Matcher.quoteReplacement(found.group(1) == null ? literal(value) : value);
        });
    }

    /** The value of {@code @@KEY@@} as it stands in JSON: itself if it is JSON, else a string. */
    private static String literal(String value) {
        try {
            return Json.compact(Json.parse(value));
        } catch (JacksonException _) {
            return Json.compact(Json.of(value));
        }
    }

    private String text(Path file) {
        if (++filesRead > MAX_FILES) {
            throw Failure.usage("the export has more than " + MAX_FILES + " files");
        }
        if (!isInside(file)) {
            throw Failure.usage(file + " is no file below " + folder);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw Failure.usage(file + " has more than " + MAX_FILE_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Failure.usage(file + " is not text in UTF-8");
        } catch (IOException e) {
            throw Failure.usage("cannot read " + FileTrouble.of(file, e));
        }
    }

    /** How many JSON files there are at that path or below, for some things have a folder each. */
    private static int countJson(Path path, int foldersLeft) {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return path.toString().endsWith(".json") ? 1 : 0;
        }
        return foldersLeft == 0
                ? 0
                : files(path, "*").stream()
                        .mapToInt(inner -> countJson(inner, foldersLeft - 1))
                        .sum();
    }

    private static List<Path> files(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(files::add);
        } catch (IOException e) {
            throw Failure.usage("cannot read " + FileTrouble.of(folder, e));
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }
}
