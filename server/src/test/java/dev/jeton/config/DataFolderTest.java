package dev.jeton.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path parent;

    private final SecureRandom random = new SecureRandom();

    private Path data() {
        return parent.resolve("some").resolve("data");
    }

    private DataFolder open() {
        return DataFolder.open(data(), random);
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void makes_a_folder_that_only_its_owner_may_enter() throws IOException {
        try (DataFolder folder = open()) {
            assertThat(permissions(data())).isEqualTo("rwx------");
            assertThat(folder.database()).isEqualTo(data().resolve("jeton.db"));
            assertThat(folder.audit()).isEqualTo(data().resolve("audit"));
            assertThat(folder.tls()).isEqualTo(data().resolve("tls"));
            assertThat(folder.cliCredentials()).isEqualTo(data().resolve("cli.json"));
            assertThat(folder.backups()).isEqualTo(data().resolve("backups"));
        }
    }

    @Test
    void closes_an_empty_folder_to_others_and_leaves_one_in_use_as_it_is() throws IOException {
        Files.createDirectories(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));
        open().close();
        assertThat(permissions(data())).isEqualTo("rwx------");

        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-x---"));
        open().close();
        assertThat(permissions(data())).isEqualTo("rwxr-x---");
    }

    @Test
    void makes_a_master_key_once_and_keeps_it() throws IOException {
        byte[] made;
        try (DataFolder folder = open()) {
            made = folder.masterKey().reveal();
            Files.writeString(folder.database(), "");
        }
        assertThat(made).hasSize(32).isNotEqualTo(new byte[32]);
        assertThat(permissions(data().resolve("master.key"))).isEqualTo("rw-------");
        try (DataFolder folder = open()) {
            assertThat(folder.masterKey().reveal()).isEqualTo(made);
        }
    }

    @Test
    void refuses_a_master_key_that_others_may_read() throws IOException {
        try (DataFolder folder = open()) {
            folder.masterKey();
            Path key = data().resolve("master.key");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

            assertThatThrownBy(folder::masterKey)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "%s: it holds a secret, and other users of this machine may read or write it; "
                                    + "run: chmod 600 %s",
                            key, key);
        }
    }

    @Test
    void refuses_a_master_key_file_without_a_key() throws IOException {
        try (DataFolder folder = open()) {
            Path key = data().resolve("master.key");
            DurableFile.writePrivate(key, new byte[] {'x'});

            assertThatThrownBy(folder::masterKey)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(key + ": it does not hold 32 bytes in base64; restore it from a backup.");
        }
    }

    @Test
    void makes_no_new_master_key_beside_a_database() throws IOException {
        try (DataFolder folder = open()) {
            Files.writeString(folder.database(), "");

            assertThatThrownBy(folder::masterKey)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(data().resolve("master.key") + ": it is missing, and jeton.db cannot be "
                            + "read without it; restore it from a backup");
        }
    }

    @Test
    void refuses_a_second_server_and_names_the_first() {
        try (DataFolder _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "data folder %s: in use by another Jeton server (process %d); stop it or choose "
                                    + "another --data.",
                            data(), ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void refuses_a_folder_that_a_newer_server_wrote() throws IOException {
        open().close();
        Files.writeString(data().resolve("layout"), "2\n");

        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "data folder %s: a newer Jeton wrote this folder (layout 2, this one knows 1); start that "
                                + "version again, or choose another --data.",
                        data());
        Files.writeString(data().resolve("layout"), "1\n");
        open().close();
    }

    @Test
    void refuses_a_folder_whose_layout_is_no_number() throws IOException {
        open().close();
        Files.writeString(data().resolve("layout"), "?");

        assertThatThrownBy(this::open)
                .hasMessageContaining("it holds no number")
                .hasMessageContaining("--data");
    }

    @Test
    void refuses_a_file_in_the_way() throws IOException {
        Files.createDirectories(data().getParent());
        Files.writeString(data(), "");

        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "data folder %s: a file stands where the folder should be; move it away, or choose another "
                                + "--data.",
                        data());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refuses_a_folder_that_cannot_be_made_or_written() {
        // The kernel lets nobody make files there, not even root, who runs the tests in a container.
        assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/jeton"), random))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("data folder /proc/jeton: the folder cannot be made (")
                .hasMessageEndingWith("); make it and give it to this user, or choose another --data.");
        assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/self"), random))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the folder cannot be written (")
                .hasMessageEndingWith("or choose another --data.");
    }

    @Test
    void leaves_no_temporary_file_behind() throws IOException {
        Path file = parent.resolve("file");
        DurableFile.write(file, new byte[] {1});
        DurableFile.write(file, new byte[] {2});

        assertThat(file).hasBinaryContent(new byte[] {2});
        assertThat(permissions(file)).isEqualTo("rw-r--r--");
        assertThat(parent).isDirectoryNotContaining("glob:**.tmp");
    }
}
