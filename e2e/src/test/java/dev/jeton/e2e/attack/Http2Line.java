package dev.jeton.e2e.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One HTTP/2 connection over TLS on which any frames are sent, RFC 9113 §4.1, and no more is read than is asked for. */
final class Http2Line implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int TIMEOUT_MS = 30_000;
    private static final int SENT_AT_ONCE = 64 << 10;

    private final SSLSocket socket;
    private final OutputStream out;
    private final InputStream in;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    Http2Line(Victim victim) throws Exception {
        socket = (SSLSocket)
                victim.trust().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), victim.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(TIMEOUT_MS);
        out = socket.getOutputStream();
        in = socket.getInputStream();
        unsent.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0);
        flush();
    }

    /** Sends it, now or with some of the next; whether the server still takes what is sent. */
    boolean frame(int type, int flags, int stream, byte... payload) {
        unsent.writeBytes(ByteBuffer.allocate(9)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        unsent.writeBytes(payload);
        return unsent.size() < SENT_AT_ONCE || flush();
    }

    boolean flush() {
        byte[] octets = unsent.toByteArray();
        unsent.reset();
        try {
            out.write(octets);
            out.flush();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** The block of fields of a request, RFC 7541: static ones of the table, the others spelt out. */
    static byte[] request(String method, String path, String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x87); // :scheme https
        block.writeBytes(literal(":method", method));
        block.writeBytes(literal(":path", path));
        block.writeBytes(literal(":authority", "x"));
        for (int i = 0; i < fields.length; i += 2) {
            block.writeBytes(literal(fields[i], fields[i + 1]));
        }
        return block.toByteArray();
    }

    /** Neither indexed nor compressed; name and value are shorter than 127. */
    static byte[] literal(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(0);
        field.write(name.length());
        field.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        field.write(value.length());
        field.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        return field.toByteArray();
    }

    /** Reads to the end of the connection, which the server brings about. */
    void awaitEnd() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server neither answers nor hangs up", e);
        } catch (IOException _) {
            // cut off
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
