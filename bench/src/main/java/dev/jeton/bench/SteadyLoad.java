package dev.jeton.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Asks for tokens at a steady rate, whether the server keeps up or not: each request has a time at which it is due, and its
 * latency counts from there, also if it had to wait for a free connection. Arguments: the server's URL, audience, secret, how
 * many clients (ids as {@link ClientCopies} makes them), connections.
 *
 * <p>Reads lines {@code <requests per second> <seconds>}, and answers each with a line of JSON; times are microseconds. The
 * one thread never sleeps, so that it is late only when it has no processor: {@code late} tells by how much requests left
 * behind their time although a connection was free, and {@code turn} how long replies may have lain unread.
 */
public final class SteadyLoad {
    private static final int BUFFER_BYTES = 8_192;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";
    private static final long DRAIN_NANOS = 10_000_000_000L;

    private final String host;
    private final String audience;
    private final String secret;
    private final int clients;
    private final Selector selector = Selector.open();
    private final Deque<Connection> free = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom();

    private enum Reply {
        PARTIAL,
        TOKEN,
        OTHER
    }

    private static final class Connection {
        final SocketChannel channel;
        final byte[] bytes = new byte[BUFFER_BYTES];
        final ByteBuffer reply = ByteBuffer.wrap(bytes);
        long due;
        long freeSince = System.nanoTime();

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private SteadyLoad(URI server, String audience, String secret, int clients, int connections) throws IOException {
        this.host = server.getHost() + ":" + server.getPort();
        this.audience = audience;
        this.secret = secret;
        this.clients = clients;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            free.add(connection);
        }
    }

    public static void main(String[] args) throws IOException {
        SteadyLoad load = new SteadyLoad(
                URI.create(args[0]), args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(load.run(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
        }
    }

    private String run(double perSecond, double seconds) throws IOException {
        int total = (int) (perSecond * seconds);
        long[] latencies = new long[total];
        long[] late = new long[total];
        int sent = 0;
        int answered = 0;
        int refused = 0;
        int waited = 0;
        long longestTurn = 0;
        double interval = 1e9 / perSecond;
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9) + DRAIN_NANOS;
        long turn = began;
        while (answered < total) {
            long now = System.nanoTime();
            longestTurn = Math.max(longestTurn, now - turn);
            turn = now;
            if (now > end) {
                break;
            }
            long due = began + (long) (sent * interval);
            if (sent < total && due <= now && !free.isEmpty()) {
                Connection connection = free.remove();
                late[sent] = now - Math.max(due, connection.freeSince);
                waited += connection.freeSince > due ? 1 : 0;
                send(connection, due);
                sent++;
            }
            selector.selectNow();
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
                Connection connection = (Connection) keys.next().attachment();
                Reply reply = read(connection);
                if (reply != Reply.PARTIAL) {
                    connection.freeSince = System.nanoTime();
                    latencies[answered++] = connection.freeSince - connection.due;
                    refused += reply == Reply.TOKEN ? 0 : 1;
                    free.add(connection);
                }
            }
        }
        long[] known = Arrays.copyOf(latencies, answered);
        Arrays.sort(known);
        Arrays.sort(late);
        return "{\"requests\":%d,\"unanswered\":%d,\"refused\":%d,\"waited\":%d,\"us\":%d,"
                        .formatted(answered, total - answered, refused, waited, (System.nanoTime() - began) / 1_000)
                + percentiles(known)
                + ",\"late_p99\":%d,\"late_max\":%d,\"turn_max\":%d}"
                        .formatted(at(late, 0.99), at(late, 1), longestTurn / 1_000);
    }

    private static String percentiles(long[] sorted) {
        return "\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d"
                .formatted(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
    }

    /** That quantile in microseconds. */
    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(quantile * sorted.length) - 1] / 1_000;
    }

    private void send(Connection connection, long due) throws IOException {
        String body = """
                {"grant_type":"client_credentials","client_id":"bench%027d","client_secret":"%s","audience":"%s"}""".formatted(random.nextInt(clients), secret, audience);
        String request = "POST /oauth/token HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) { // a request fits into the empty buffer of a socket
            connection.channel.write(bytes);
        }
        connection.due = due;
    }

    private static Reply read(Connection connection) throws IOException {
        ByteBuffer reply = connection.reply;
        if (connection.channel.read(reply) < 0) {
            throw new IOException("the server closed a connection");
        }
        String text = new String(connection.bytes, 0, reply.position(), StandardCharsets.ISO_8859_1);
        int head = text.indexOf(END_OF_HEAD);
        if (head < 0) {
            return Reply.PARTIAL;
        }
        int length = text.toLowerCase(Locale.ROOT).indexOf(LENGTH) + LENGTH.length();
        int body = Integer.parseInt(
                text.substring(length, text.indexOf('\r', length)).strip());
        if (reply.position() < head + END_OF_HEAD.length() + body) {
            return Reply.PARTIAL;
        }
        reply.clear();
        return text.startsWith("HTTP/1.1 200 ") && text.contains("\"access_token\":\"") ? Reply.TOKEN : Reply.OTHER;
    }
}
