package dev.jeton.cli;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, without effect on this process until closed. The JDK has no better way to this than {@code sun.misc.Signal},
 * and the compiler warns of every mention of that; so it is reached by reflection.
 */
final class Interrupts implements AutoCloseable {
    private final @Nullable Object before;

    private Interrupts(@Nullable Object before) {
        this.before = before;
    }

    /** Handled by doing nothing, not ignored: programs that are started meanwhile would ignore it too. */
    static Interrupts withoutEffect() {
        try {
            Object nothing = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(),
                    new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                    (_, _, _) -> null);
            return new Interrupts(handle(nothing));
        } catch (ReflectiveOperationException _) {
            return new Interrupts(null); // then Ctrl-C ends this process, as it does in every other command
        }
    }

    /** Sets how Ctrl-C is handled, and gives back how it was before. */
    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Object interrupt = signal.getConstructor(String.class).newInstance("INT");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, interrupt, handler);
    }

    @Override
    public void close() {
        if (before != null) {
            try {
                handle(before);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Ctrl-C cannot be set back", e);
            }
        }
    }
}
