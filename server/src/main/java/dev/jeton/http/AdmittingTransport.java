package dev.jeton.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import org.jspecify.annotations.Nullable;

/** The engine's own transport, with {@link Admission} where connections are accepted. */
final class AdmittingTransport implements io.vertx.core.transport.Transport, Transport {
    /** As much is read of one connection before the others have their turn, and decoded before it is known to be asked. */
    private static final int MOST_READ = 8 << 10;

    /** When so much of the answers is unread, the next request of a connection is not answered, or so little again. */
    private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(4 << 10, 16 << 10);

    private final io.vertx.core.transport.Transport chosen;
    private final Transport engines;
    private final Admission admission;

    AdmittingTransport(Admission admission) {
        io.vertx.core.transport.Transport fast = io.vertx.core.transport.Transport.nativeTransport();
        this.chosen = fast != null && fast.available() ? fast : io.vertx.core.transport.Transport.NIO;
        this.engines = chosen.implementation();
        this.admission = admission;
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
        engines.configure(config, domainSocket, bootstrap);
        bootstrap
                .handler(admission)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 2 << 10, MOST_READ).maxMessagesPerRead(1))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD);
    }

    // What follows is the engine's own.

    @Override
    public String name() {
        return chosen.name();
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport implementation() {
        return this;
    }

    @Override
    public boolean supportsDomainSockets() {
        return engines.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return engines.supportFileRegion();
    }

    @Override
    public java.net.SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return engines.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(java.net.SocketAddress address) {
        return engines.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return engines.ioHandlerFactory();
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return engines.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return engines.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return engines.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return engines.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        engines.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
        engines.configure(config, domainSocket, bootstrap);
    }
}
