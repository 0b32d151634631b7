package dev.jeton.e2e;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for servers that must be told one, of those below what the kernel gives to whoever asks for any. */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    /** Tests run in several processes, each of which begins elsewhere. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) ProcessHandle.current().pid() * 37);

    private FreePort() {}

    /** One that nobody has, and nobody is given while its server does not run. */
    public static int next() throws IOException {
        for (int tried = FIRST; tried < LAST; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException _) {
                // Taken: the next one.
            }
        }
        throw new IOException("no port is free");
    }
}
