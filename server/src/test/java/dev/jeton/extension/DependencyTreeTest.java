package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyTreeTest {
    private final Path modules;
    private final Path unpacked;

    DependencyTreeTest(@TempDir Path folder) throws IOException {
        this.modules = Files.createDirectory(folder.resolve("modules"));
        this.unpacked = folder.resolve("deep/unpacked");
    }

    private static void write(Path folder, String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private static DependencyTree zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("content".getBytes(StandardCharsets.UTF_8));
            }
        }
        return DependencyTree.of(bytes.toByteArray());
    }

    @Test
    void unpacks_what_was_packed() throws IOException {
        write(modules, "a/index.js", "module.exports = '値'");
        write(modules, "@scope/b/node_modules/c/package.json", "{}");
        write(modules, "empty", "");

        DependencyTree.of(DependencyTree.pack(modules).toBytes()).unpackTo(unpacked);

        assertThat(contents(unpacked)).hasSize(3).isEqualTo(contents(modules));
    }

    @Test
    void the_bytes_follow_from_names_and_contents_alone(@TempDir Path other) throws IOException {
        for (String name : new String[] {"b/x", "a", "c"}) {
            write(modules, name, "content of " + name);
        }
        for (String name : new String[] {"c", "a", "b/x"}) {
            write(other, name, "content of " + name);
            Files.setLastModifiedTime(other.resolve(name), FileTime.fromMillis(1_000_000_000_000L));
        }
        DependencyTree tree = DependencyTree.pack(modules);

        assertThat(DependencyTree.pack(other))
                .isEqualTo(tree)
                .hasSameHashCodeAs(tree)
                .hasToString("DependencyTree[" + tree.toBytes().length + " bytes]");
        assertThat(DependencyTree.pack(other).digest()).isEqualTo(tree.digest()).matches("[0-9a-f]{64}");
        write(other, "a", "other content");
        assertThat(DependencyTree.pack(other)).isNotEqualTo(tree);
        assertThat(DependencyTree.pack(other).digest()).isNotEqualTo(tree.digest());
    }

    @Test
    void nobody_changes_a_tree_from_outside() throws IOException {
        write(modules, "a", "x");
        DependencyTree tree = DependencyTree.pack(modules);
        byte[] bytes = tree.toBytes();
        DependencyTree copy = DependencyTree.of(bytes);
        bytes[0] ^= 1;
        tree.toBytes()[0] ^= 1;

        assertThat(copy).isEqualTo(tree);
    }

    @Test
    void refuses_a_link() throws IOException {
        write(modules, "a/index.js", "x");
        Files.createSymbolicLink(modules.resolve("a/up"), Path.of("../.."));

        assertThatThrownBy(() -> DependencyTree.pack(modules))
                .isInstanceOf(DependencyTree.CannotBeKeptException.class)
                .hasMessage("a/up is a link or a device, not a file");
    }

    @Test
    void refuses_more_than_50_mb() throws IOException {
        try (OutputStream file = Files.newOutputStream(modules.resolve("zeros"))) {
            byte[] megabyte = new byte[1024 * 1024];
            for (int i = 0; i < 50; i++) {
                file.write(megabyte);
            }
        }
        assertThat(DependencyTree.pack(modules).toBytes()).hasSizeLessThan(100_000);
        write(modules, "more", "x");

        assertThatThrownBy(() -> DependencyTree.pack(modules))
                .isInstanceOf(DependencyTree.CannotBeKeptException.class)
                .hasMessage("unpacked it is larger than 50 MB");
    }

    @Test
    void refuses_more_than_20_mb_packed() throws IOException {
        byte[] noise = new byte[DependencyTree.MAX_PACKED_BYTES];
        new Random(1).nextBytes(noise);
        Files.write(modules.resolve("noise"), noise);

        assertThatThrownBy(() -> DependencyTree.pack(modules))
                .isInstanceOf(DependencyTree.CannotBeKeptException.class)
                .hasMessage("packed it is larger than 20 MB");
    }

    @Test
    void stops_unpacking_what_grows_beyond_50_mb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bomb"));
            byte[] megabyte = new byte[1024 * 1024];
            for (int i = 0; i < 60; i++) {
                zip.write(megabyte);
            }
        }

        assertThatThrownBy(() -> DependencyTree.of(bytes.toByteArray()).unpackTo(unpacked))
                .isInstanceOf(DependencyTree.CannotBeKeptException.class);
        assertThat(Files.size(unpacked.resolve("bomb"))).isLessThanOrEqualTo(DependencyTree.MAX_UNPACKED_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/tmp/outside", "..", ".", "a/.."})
    void writes_nothing_outside_of_the_folder(String name) throws IOException {
        DependencyTree tree = zip("inside", name);

        assertThatThrownBy(() -> tree.unpackTo(unpacked))
                .isInstanceOf(DependencyTree.CannotBeKeptException.class)
                .hasMessage(name + " lies outside of the folder");
        assertThat(contents(unpacked)).containsOnlyKeys("inside");
        assertThat(unpacked.resolveSibling("outside")).doesNotExist();
    }

    @Test
    void overwrites_nothing_and_follows_no_link() throws IOException {
        Files.createDirectories(unpacked);
        Path elsewhere = Files.writeString(modules.resolve("elsewhere"), "mine");
        Files.createSymbolicLink(unpacked.resolve("a"), elsewhere);

        assertThatThrownBy(() -> zip("a").unpackTo(unpacked)).hasMessageContaining("unpacked/a");
        assertThat(elsewhere).hasContent("mine");
    }
}
