package asyncio.spi;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** For code that raises an exception while another one is on its way. */
public final class Errors {
    /** So many causes and suppressed exceptions are looked at. Their graph may be large, and nobody prints so much. */
    private static final int MOST = 1000;

    private Errors() {}

    /**
     * Keeps {@code earlier}, whose place {@code later} takes: it becomes one of the
     * {@linkplain Throwable#getSuppressed() suppressed} exceptions of {@code later}, unless {@code later} leads to it
     * already. Python: {@code __context__}, which the interpreter sets by itself.
     *
     * @param earlier the exception that was on its way; null if there was none
     * @param later the exception that goes on instead
     */
    public static void keep(@Nullable Throwable earlier, Throwable later) {
        if (earlier != null && !leadsTo(earlier, later)) {
            later.addSuppressed(earlier);
        }
    }

    /** Whether {@code wanted} is {@code from} itself, or among its causes and suppressed exceptions, at any depth. */
    public static boolean leadsTo(Throwable wanted, Throwable from) {
        if (wanted == from) {
            return true;
        }
        if (from.getCause() == null && from.getSuppressed().length == 0) {
            return false;
        }
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        var left = new ArrayDeque<Throwable>();
        left.add(from);
        while (!left.isEmpty() && seen.size() < MOST) {
            var next = left.remove();
            if (next == wanted) {
                return true;
            }
            if (!seen.add(next)) {
                continue;
            }
            if (next.getCause() != null) {
                left.add(next.getCause());
            }
            Collections.addAll(left, next.getSuppressed());
        }
        return false;
    }
}
