package dev.jeton.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The YAML file of settings, read as a tree of nodes with line numbers; no object is ever built from it.
 *
 * <p>Groups are nested ({@code db:} above {@code url:}) or dotted ({@code db.url:}).
 */
final class ConfigFile {
    private static final int MAX_BYTES = 256 * 1024;

    private final Path file;
    private final Problems problems;
    private final Map<String, Found> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private ConfigFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The values by the key of their setting, or by {@link Setting#fileKey()}. */
    static Map<String, Found> read(Path file, String origin, Problems problems) {
        ConfigFile reading = new ConfigFile(file, problems);
        try {
            reading.read(text(file));
        } catch (IOException e) {
            problems.add(
                    "config, from " + origin,
                    file + " cannot be read (" + ConfigException.reason(e) + "); name a YAML file of at most "
                            + MAX_BYTES / 1024 + " KiB that this user can read");
        }
        return reading.values;
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("too large");
            }
            return decode(bytes);
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private void read(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(MAX_BYTES)
                .setAllowNonScalarKeys(true) // refused below, with the line
                .build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            // The problem alone: the whole message shows the lines around it, which may hold a secret.
            String where = e.getProblemMark()
                    .map(ConfigFile::line)
                    .map(line -> ":" + line)
                    .orElse("");
            problems.add(file + where, "this is not YAML: " + e.getProblem() + "; write lines such as port: 8080");
            return;
        } catch (YamlEngineException _) {
            problems.add(file.toString(), "this is not YAML; write lines such as port: 8080");
            return;
        }
        switch (root.orElse(null)) {
            case null -> {}
            case MappingNode mapping -> readGroup("", mapping);
            case Node other -> problems.add(place(other), "this is not a setting; write lines such as port: 8080");
        }
    }

    private void readGroup(String prefix, MappingNode group) {
        for (NodeTuple entry : group.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                problems.add(place(entry.getKeyNode()), "this is not the name of a setting");
                continue;
            }
            String key = prefix + name.getValue();
            int line = line(name);
            Integer before = lines.putIfAbsent(key, line);
            if (before != null) {
                problems.add(place(name), "'" + key + "' stands already in line " + before + "; leave one out");
            } else if (isSetting(key)) {
                readValue(key, name, entry.getValueNode());
            } else if (!isGroup(key)) {
                problems.add(place(name), "there is no setting '" + key + "'" + Nearest.hint(key, known(entry)));
            } else if (entry.getValueNode() instanceof MappingNode mapping) {
                readGroup(key + ".", mapping);
            } else {
                problems.add(place(name), "'" + key + "' is a group; write its settings below it, indented");
            }
        }
    }

    private void readValue(String key, ScalarNode name, Node value) {
        Kind<?> kind = Settings.find(key).<Kind<?>>map(Setting::kind).orElse(Kind.PATH);
        if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            values.put(key, new Found(scalar.getValue(), place(name)));
        } else if (value instanceof SequenceNode sequence
                && kind.list()
                && !sequence.getValue().isEmpty()) {
            List<String> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar) {
                    items.add(scalar.getValue());
                } else {
                    problems.add(key + ", from " + place(item), "an item is not a text; it is " + kind.expected());
                }
            }
            values.put(key, new Found(String.join(",", items), place(name)));
        } else {
            problems.add(key + ", from " + place(name), words(value) + " is not " + kind.expected());
        }
    }

    private static String words(Node value) {
        return switch (value) {
            case SequenceNode list when list.getValue().isEmpty() -> "an empty list";
            case SequenceNode _ -> "a list";
            case MappingNode _ -> "a group";
            default -> "an empty value";
        };
    }

    private static boolean isSetting(String key) {
        return keys().contains(key);
    }

    private static boolean isGroup(String key) {
        return keys().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Setting<?> setting : Settings.givenBy(Place.FILE)) {
            keys.add(setting.key());
            if (setting.secret()) {
                keys.add(setting.fileKey());
            }
        }
        return keys;
    }

    /** The names to suggest for an unknown one: groups if it was written as a group, else settings. */
    private static List<String> known(NodeTuple entry) {
        if (!(entry.getValueNode() instanceof MappingNode)) {
            return keys();
        }
        return keys().stream()
                .filter(key -> key.contains("."))
                .map(key -> key.substring(0, key.lastIndexOf('.')))
                .distinct()
                .toList();
    }

    private String place(Node node) {
        return file + ":" + line(node);
    }

    private static int line(Node node) {
        return node.getStartMark().map(ConfigFile::line).orElse(1);
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
