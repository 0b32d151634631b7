package dev.jeton.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The way of one node to the database, which can be blocked as a partition does. */
final class DatabaseProxy implements AutoCloseable {
    /** One connection on its way through. */
    private record Link(Socket node, Socket database) {
        /** Resets both ends: nobody waits for what was under way. */
        void cut() {
            reset(node);
            reset(database);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // It is closed already.
        }
    }

    private final ServerSocket listener;
    private final int databasePort;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;
    private boolean stalled;

    DatabaseProxy(int databasePort) throws IOException {
        this.databasePort = databasePort;
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket node = listener.accept();
                node.setTcpNoDelay(true);
                if (refusing) {
                    reset(node);
                    continue;
                }
                Socket database = new Socket(InetAddress.getLoopbackAddress(), databasePort);
                database.setTcpNoDelay(true);
                Link link = new Link(node, database);
                links.add(link);
                Thread.ofVirtual().start(() -> pump(link, node, database));
                Thread.ofVirtual().start(() -> pump(link, database, node));
            } catch (IOException _) {
                // Closed, or the database is not there: the node sees its connection end.
            }
        }
    }

    private void pump(Link link, Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitPassage();
                out.write(buffer, 0, read);
            }
        } catch (IOException _) {
            // Either end has closed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        links.remove(link);
        link.cut();
    }

    private synchronized void awaitPassage() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /** From now on nothing passes, and nobody is told. */
    synchronized void stall() {
        stalled = true;
    }

    /** What waits passes, and what comes. */
    synchronized void open() {
        refusing = false;
        stalled = false;
        notifyAll();
    }

    /** Takes no new connections; those there are stay. */
    void refuse() {
        refusing = true;
    }

    /** Ends all connections and takes no new ones. */
    void cut() {
        refusing = true;
        links.forEach(Link::cut);
    }

    /** From where the database sees this node's connections come. */
    List<Integer> ports() {
        return links.stream().map(link -> link.database().getLocalPort()).toList();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open();
        links.forEach(Link::cut);
    }
}
