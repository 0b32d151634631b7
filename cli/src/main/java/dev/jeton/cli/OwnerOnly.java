package dev.jeton.cli;

import java.nio.file.FileSystems;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Permissions of files and folders that are made here, from their first moment on. */
final class OwnerOnly {
    private OwnerOnly() {}

    static FileAttribute<?>[] folder() {
        return attributes("rwx------");
    }

    static FileAttribute<?>[] file() {
        return attributes("rw-------");
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0]; // elsewhere the home folder's own protection holds
    }
}
