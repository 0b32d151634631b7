package dev.jeton.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection, in front of all that the engine makes of it: what its client sends is counted here as it comes. */
final class Peer extends ChannelInboundHandlerAdapter {
    /**
     * What one octet of a head may take in memory. 16 KiB of fields of four octets each, which is the worst a head can be,
     * were measured to take 330 KB.
     */
    private static final int BYTES_FOR_OCTET = 24;
    /** A head up to this is taken in however little memory is left; twice as much where it may be a handshake. */
    private static final int SMALL_HEAD = 2 << 10;
    /** While the requests of a connection take no more, they are taken in, too. */
    private static final int SMALL = 48 << 10;
    /** More of a head is not kept by the engine, whatever is sent. */
    private static final int MOST_OF_HEAD = 32 << 10;

    private static final AttributeKey<Peer> PEER = AttributeKey.valueOf("jeton.peer");

    private final Admission admission;
    private final Channel channel;
    private final long acceptedNanos = System.nanoTime();

    // Of the event loop, from here on.
    private boolean hasAsked;
    private boolean hasLeft;
    /** Octets that came since the last request began or the last piece of a body. */
    private int head;
    /** Bytes that its requests are counted for, from their heads on. */
    private long held;

    private final Set<Exchange> running = new HashSet<>();
    private long restsSinceNanos = acceptedNanos;
    private boolean closing;
    private boolean ending;
    private @Nullable HttpConnection connection;
    private @Nullable Connections connections;

    private Peer(Admission admission, Channel channel) {
        this.admission = admission;
        this.channel = channel;
    }

    /** Of a channel that is accepted, and not yet given to an event loop. */
    static void accept(Admission admission, Channel channel) {
        Peer peer = new Peer(admission, channel);
        channel.attr(PEER).set(peer);
        admission.accepted();
        channel.closeFuture().addListener(_ -> admission.left(peer));
        channel.pipeline().addFirst(peer);
    }

    /** Also of one that has left. */
    static Peer of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel().attr(PEER).get();
    }

    void opened(HttpConnection as, Connections by) {
        connection = as;
        connections = by;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        admission.entered(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        hasLeft = true;
        dropHead();
        if (connections != null) {
            connections.left(this);
        }
        // Not left to the engine, which forgets some when a connection ends in an error.
        List.copyOf(running).forEach(Exchange::cutOff);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object octets) {
        int more = Math.min(((ByteBuf) octets).readableBytes(), MOST_OF_HEAD - head);
        head += more;
        admission.hold((long) more * BYTES_FOR_OCTET);
        context.fireChannelRead(octets);
        // Not before: with the end of a head may come what is of its body.
        if (head > (hasAsked ? SMALL_HEAD : 2 * SMALL_HEAD) && admission.isFull() && !isBody()) {
            cutOff();
        }
    }

    /** Whether what comes is of a body, which {@link Exchange} counts and refuses, or drops after its last answer. */
    private boolean isBody() {
        return ending || running.stream().anyMatch(exchange -> !exchange.isHttp2());
    }

    /** What it asks from now on is not answered: the connection ends when it had time to read why. */
    void end() {
        ending = true;
    }

    boolean mayAsk() {
        return !ending && !hasLeft;
    }

    void began(Exchange exchange) {
        if (!hasAsked) {
            hasAsked = true;
            admission.asked(this);
        }
        running.add(exchange);
    }

    void ended(Exchange exchange) {
        running.remove(exchange);
        restsSinceNanos = System.nanoTime();
    }

    /** Whether nothing was asked and not answered for so long. */
    boolean rests(long nowNanos, Duration atLeast) {
        return running.isEmpty() && nowNanos - restsSinceNanos > atLeast.toNanos();
    }

    /** What the last head is counted for; from now on it is a request's, and the caller's to release. */
    long takeHead() {
        long taken = (long) head * BYTES_FOR_OCTET;
        head = 0;
        held += taken;
        return taken;
    }

    /** What came last was no head. */
    void dropHead() {
        admission.release((long) head * BYTES_FOR_OCTET);
        head = 0;
    }

    void hold(long bytes) {
        held += bytes;
        admission.hold(bytes);
    }

    void release(long bytes) {
        held -= bytes;
        admission.release(bytes);
    }

    /** Whether its requests take more than a little while there is little left. */
    boolean holdsTooMuch() {
        return held > SMALL && admission.isFull();
    }

    boolean hasLeft() {
        return hasLeft;
    }

    long acceptedNanos() {
        return acceptedNanos;
    }

    /**
     * Ends the connection politely if its client has read what was written, and otherwise at once: the engine waits for the
     * reading, and meanwhile answers what else was asked, however little of it is read.
     */
    void close() {
        if (connection == null || closing || hasUnread()) {
            cutOff();
        } else {
            closing = true;
            var _ = connection.close();
        }
    }

    private boolean hasUnread() {
        ChannelOutboundBuffer unread = channel.unsafe().outboundBuffer();
        return unread != null && !unread.isEmpty();
    }

    /** Ends the connection at once, unless it has begun to ask meanwhile. */
    void cutOffIfSilent() {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(this::cutOffIfSilent);
        } else if (!hasAsked) {
            cutOff();
        }
    }

    /** Ends the connection at once. */
    void cutOff() {
        if (channel.eventLoop().inEventLoop()) {
            channel.unsafe().close(channel.voidPromise());
        } else {
            channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
        }
    }
}
