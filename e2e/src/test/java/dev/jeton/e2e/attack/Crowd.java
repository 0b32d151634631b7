package dev.jeton.e2e.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many connections of one attacker, who sends on each what there is room for and reads only when asked to. */
final class Crowd implements AutoCloseable {
    private final List<SocketChannel> connections = new ArrayList<>();
    private final ByteBuffer sink = ByteBuffer.allocateDirect(64 << 10);

    Crowd(int port, int size) throws IOException {
        for (int i = 0; i < size; i++) {
            SocketChannel connection = SocketChannel.open();
            // What is not read piles up at the server, not here.
            connection.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 10);
            connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            connection.configureBlocking(false);
            connections.add(connection);
        }
    }

    /** Sends the text once on each connection, as far as the server takes it. */
    void send(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        List<ByteBuffer> rest = new ArrayList<>();
        connections.forEach(_ -> rest.add(ByteBuffer.wrap(octets)));
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 0; i < connections.size(); i++) {
                more |= write(connections.get(i), rest.get(i)) > 0;
            }
        }
    }

    private int write(SocketChannel connection, ByteBuffer octets) {
        try {
            return connection.write(octets);
        } catch (IOException _) {
            return 0;
        }
    }

    /** On how many connections the server has not hung up; reads what came, and throws it away. */
    int alive() {
        int alive = 0;
        for (SocketChannel connection : connections) {
            try {
                sink.clear();
                int read = connection.read(sink);
                while (read > 0) {
                    sink.clear();
                    read = connection.read(sink);
                }
                alive += read < 0 ? 0 : 1;
            } catch (IOException _) {
                // cut off
            }
        }
        return alive;
    }

    /** On how many connections an octet can be sent: nothing is read. */
    int taking(String octet) {
        int taking = 0;
        for (SocketChannel connection : connections) {
            try {
                connection.write(ByteBuffer.wrap(octet.getBytes(StandardCharsets.US_ASCII)));
                taking++;
            } catch (IOException _) {
                // cut off
            }
        }
        return taking;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
