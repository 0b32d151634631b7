package dev.jeton.cli;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, without effect on this process until closed. The JDK has no better way to this than {@code sun.misc.Signal},
 * and the compiler warns of every mention of that; so it is reached by reflection.
 */
final class Interrupts implements AutoCloseable {
    private static final String CTRL_C = "INT";
    /** A signal that nothing minds, and of a higher number: the JDK hands on what has come by its number. */
    private static final String MARKER = "CONT";

    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private final @Nullable Object before;

    private Interrupts(@Nullable Object before) {
        this.before = before;
    }

    /** Handled by doing nothing, not ignored: programs that are started meanwhile would ignore it too. */
    static Interrupts withoutEffect() {
        try {
            return new Interrupts(handle(CTRL_C, handler(() -> {})));
        } catch (ReflectiveOperationException _) {
            return new Interrupts(null); // then Ctrl-C ends this process, as it does in every other command
        }
    }

    private static Object handler(Runnable effect) throws ReflectiveOperationException {
        return Proxy.newProxyInstance(
                Interrupts.class.getClassLoader(),
                new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                (_, _, _) -> {
                    effect.run();
                    return null;
                });
    }

    /** Sets how a signal is handled, and gives back how it was before. */
    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal(name), handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }

    /** A Ctrl-C that has come and is not yet handed on would have its effect after all. */
    private static void awaitThoseThatCame() throws ReflectiveOperationException {
        CountDownLatch handedOn = new CountDownLatch(1);
        Object before = handle(MARKER, handler(handedOn::countDown));
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal).invoke(null, signal(MARKER));
        try {
            boolean _ = handedOn.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        handle(MARKER, before);
    }

    @Override
    public void close() {
        if (before != null) {
            try {
                awaitThoseThatCame();
                handle(CTRL_C, before);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Ctrl-C cannot be set back", e);
            }
        }
    }
}
