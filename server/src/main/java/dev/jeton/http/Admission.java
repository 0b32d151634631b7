package dev.jeton.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets connections in, from the moment they are accepted: before a handshake and a first request the engine tells nobody
 * of them. Bounds how many there are, how long one may ask nothing, and how much memory unfinished requests take.
 */
@Sharable
final class Admission extends ChannelInboundHandlerAdapter {
    private final int most;
    private final long mostHeld;
    private final Duration silence;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    /** Those that asked nothing, in the order in which they came; and some that have asked since, or are gone. */
    private final Queue<Peer> silent = new ArrayDeque<>();

    /**
     * @param most connections; who comes then takes the place of the one that has been silent longest, or none
     * @param mostHeld bytes that requests may take which are not answered; small ones are taken in beyond that
     * @param silence how long a connection may ask nothing at its beginning
     */
    Admission(int most, long mostHeld, Duration silence) {
        this.most = most;
        this.mostHeld = mostHeld;
        this.silence = silence;
    }

    /** Of a channel that listens: {@code accepted} is a connection, not yet given to an event loop. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open.get() >= most && !cutOffTheLongestSilent()) {
            connection.unsafe().closeForcibly();
            return;
        }
        Peer.accept(this, connection);
        context.fireChannelRead(accepted);
    }

    void entered(Peer peer) {
        open.incrementAndGet();
        synchronized (silent) {
            silent.add(peer);
        }
    }

    void left() {
        open.decrementAndGet();
    }

    /** Whether there is hardly room for more connections. */
    boolean isCrowded() {
        return open.get() > most - most / 10;
    }

    void hold(long bytes) {
        held.addAndGet(bytes);
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Whether requests that are not answered take as much memory as they may. */
    boolean isFull() {
        return held.get() > mostHeld;
    }

    void cutOffTheSilent(long nowNanos) {
        while (true) {
            Peer peer;
            synchronized (silent) {
                peer = silent.peek();
                if (peer == null || (!peer.hasAskedOrLeft() && nowNanos - peer.acceptedNanos() < silence.toNanos())) {
                    return;
                }
                silent.remove();
            }
            if (!peer.hasAskedOrLeft()) {
                peer.cutOff();
            }
        }
    }

    private boolean cutOffTheLongestSilent() {
        while (true) {
            Peer peer;
            synchronized (silent) {
                peer = silent.poll();
            }
            if (peer == null) {
                return false;
            }
            if (!peer.hasAskedOrLeft()) {
                peer.cutOff();
                return true;
            }
        }
    }
}
