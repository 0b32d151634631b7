package dev.jeton.tokenclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes connections and, once the head of a request is there, does with each what a test says: bytes, or nothing. */
final class RawServer implements AutoCloseable {
    /** Writes to the connection; what it throws, as when the other side is gone, ends it. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Socket connection, OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger brokenOff = new AtomicInteger();

    RawServer(Behaviour behaviour) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("raw-server", () -> {
            while (true) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                start("raw-connection", () -> serve(connection, behaviour));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // the test is over, or the client gone
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket connection, Behaviour behaviour) throws IOException {
        try (connection) {
            readRequest(connection.getInputStream());
            behaviour.answer(connection, connection.getOutputStream());
        } catch (IOException gone) {
            brokenOff.incrementAndGet();
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("client_secret=") < 0) { // the last parameter of the form
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            request.append((char) next);
        }
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    int connections() {
        return connections.get();
    }

    /** How many connections the client ended before they were answered whole. */
    int brokenOff() {
        return brokenOff.get();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
