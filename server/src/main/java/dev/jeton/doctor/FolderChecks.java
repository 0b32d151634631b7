package dev.jeton.doctor;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.DataFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The data folder, what may be read in it and by whom, and whether a server holds it. */
final class FolderChecks {
    /** A server that is idle writes some MiB a day; one that cannot write gives out no token. */
    private static final long SCARCE_MIB = 1_024;

    private static final long TOO_LITTLE_MIB = 100;

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> NOT_THE_OWNERS =
            EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

    private final Setup setup;
    private final Path folder;

    FolderChecks(Setup setup) {
        this.setup = setup;
        this.folder = setup.files().folder();
    }

    List<Check> all() {
        return List.of(
                new Check("data folder", this::folder),
                new Check("permissions", this::permissions),
                new Check("server", () -> List.of(server())));
    }

    private List<Finding> folder() throws IOException {
        if (!Files.exists(folder)) {
            return List.of(missing());
        }
        if (!Files.isDirectory(folder)) {
            return List.of(Finding.fail(folder + " is a file", "move it away, or choose another folder with --data"));
        }
        List<Finding> findings = new ArrayList<>();
        String mend =
                "give it to the user that the server runs as, with chown -R, or choose another folder with --data";
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            return List.of(Finding.fail(folder + " cannot be read by " + whoIsThis(), mend));
        }
        if (!Files.isWritable(folder)) {
            findings.add(Finding.fail(
                    folder + " cannot be written by " + whoIsThis(),
                    mend + "; if its disk is mounted read-only, mount it anew"));
        }
        try {
            DataFolder.requireKnownLayout(folder);
            sync();
        } catch (ConfigException e) {
            findings.add(Finding.failing(Setup.line(e), "give the --data of the server that you mean"));
        } catch (IOException e) {
            findings.add(Finding.fail(
                    folder + " cannot be synced to disk (" + ConfigException.reason(e)
                            + "), so no answer of the server is safe from a loss of power",
                    "put the data on a local disk; see dmesg for errors of this one"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(folder + " can be read, written and synced"));
        }
        findings.add(room(folder.toString(), mib(Files.getFileStore(folder).getUsableSpace())));
        return findings;
    }

    private Finding missing() {
        Path above = folder;
        while (!Files.exists(above) && above.getParent() != null) {
            above = above.getParent();
        }
        return Files.isDirectory(above) && Files.isWritable(above)
                ? Finding.ok(folder + " does not exist yet; the first start makes it")
                : Finding.fail(
                        folder + " does not exist, and " + whoIsThis() + " cannot make it in " + above,
                        "make it and give it to the user that the server runs as, or choose another with --data");
    }

    /** A folder is synced without being changed. */
    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    static Finding room(String place, long freeMib) {
        String free = place + " has " + freeMib + " MiB free";
        String mend = "make room, or lower audit.retention or audit.max_bytes";
        if (freeMib < TOO_LITTLE_MIB) {
            return Finding.fail(free + ": when there is nothing left, no token is given out", mend);
        }
        return freeMib < SCARCE_MIB ? Finding.warn(free, mend) : Finding.ok(free);
    }

    private static long mib(long bytes) {
        return bytes >> 20;
    }

    private List<Finding> permissions() throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            ownership().ifPresent(findings::add);
            if (isFor(folder, OF_OTHERS)) {
                findings.add(Finding.warn(
                        "every user of this machine may look into " + folder + ", where the database is",
                        "chmod o= " + folder));
            }
        }
        for (Path secret : ownSecrets()) {
            if (isFor(secret, NOT_THE_OWNERS)) {
                findings.add(Finding.fail(
                        secret + " holds a secret, and others than its owner may read or write it",
                        "chmod 600 " + secret));
            }
        }
        for (Path secret : givenSecrets()) {
            if (isFor(secret, OF_OTHERS)) {
                findings.add(Finding.warn(
                        secret + " holds a secret, and every user of this machine may read or write it",
                        "chmod o= " + secret));
            }
        }
        return findings.isEmpty() ? List.of(Finding.ok("only its owner reads what is secret")) : findings;
    }

    /** What Jeton wrote with 0600, and mostly refuses to read otherwise. */
    private List<Path> ownSecrets() throws IOException {
        List<Path> secrets = new ArrayList<>(List.of(
                setup.files().masterKey(),
                setup.files().pendingKey(),
                setup.files().cliCredentials()));
        if (Files.isDirectory(setup.files().tls())) {
            try (Stream<Path> files = Files.list(setup.files().tls())) {
                files.filter(file -> file.toString().endsWith(".key")).forEach(secrets::add);
            }
        }
        return secrets;
    }

    /** What the operator named; the group may be meant to read it. */
    private List<Path> givenSecrets() {
        List<Path> secrets = new ArrayList<>(setup.secretFiles());
        if (setup.config().tls() instanceof Config.Tls.Pem(Path _, Path key)) {
            secrets.add(key);
        }
        return secrets;
    }

    private static boolean isFor(Path file, Set<PosixFilePermission> whom) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return whom.stream().anyMatch(permissions::contains);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Optional<Finding> ownership() throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        Path self = Path.of("/proc/self");
        if (!Files.exists(self) || owner.equals(Files.getOwner(self))) {
            return Optional.empty();
        }
        return Optional.of(Finding.warn(
                folder + " belongs to " + owner.getName() + ", and this is " + whoIsThis(),
                "run doctor and the server as " + owner.getName() + ": what a server of another user makes in it,"
                        + " that one cannot read"));
    }

    private static String whoIsThis() {
        return "user " + System.getProperty("user.name");
    }

    private Finding server() throws IOException {
        return setup.runningServer()
                .map(process -> Finding.ok("one runs on " + folder + ": " + process))
                .orElseGet(() -> Finding.ok("none runs on " + folder));
    }
}
