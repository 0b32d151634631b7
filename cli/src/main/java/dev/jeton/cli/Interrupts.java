package dev.jeton.cli;

import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, without effect on this process until closed. The JDK has no better way to this than {@code sun.misc.Signal},
 * and the compiler warns of every mention of that; so it is reached by reflection.
 */
final class Interrupts implements AutoCloseable {
    private static final String CTRL_C = "INT";

    /** A Ctrl-C handed on so soon after the end had come before it: a busy machine is late, and nobody types so fast. */
    private static final Duration LATE = Duration.ofMillis(300);

    private final @Nullable Object before;

    private Interrupts(@Nullable Object before) {
        this.before = before;
    }

    /** Handled by doing nothing, not ignored: programs that are started meanwhile would ignore it too. */
    static Interrupts withoutEffect() {
        try {
            return new Interrupts(handle(handler(() -> {})));
        } catch (ReflectiveOperationException _) {
            return new Interrupts(null); // then Ctrl-C ends this process, as it does in every other command
        }
    }

    /** What a signal does. */
    private interface Effect {
        void run() throws ReflectiveOperationException;
    }

    private static Object handler(Effect effect) throws ReflectiveOperationException {
        return Proxy.newProxyInstance(
                Interrupts.class.getClassLoader(),
                new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                (_, _, _) -> {
                    effect.run();
                    return null;
                });
    }

    /** Sets how Ctrl-C is handled, and gives back how it was before. */
    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, ctrlC(), handler);
    }

    private static void raise() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal).invoke(null, ctrlC());
    }

    private static Object ctrlC() throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(CTRL_C);
    }

    @Override
    public void close() {
        if (before != null) {
            long closed = System.nanoTime();
            try {
                handle(handler(() -> {
                    if (System.nanoTime() - closed > LATE.toNanos()) {
                        handle(before);
                        raise();
                    }
                }));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Ctrl-C cannot be set back", e);
            }
        }
    }
}
