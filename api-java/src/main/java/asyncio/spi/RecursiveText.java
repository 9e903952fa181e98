package asyncio.spi;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The text of an object that prints objects of the user's, which may hold it in turn: a future whose result is a list
 * with the future in it, for example. Python: {@code reprlib.recursive_repr}.
 */
public final class RecursiveText {
    private static final ThreadLocal<Set<Object>> BEING_PRINTED = new ThreadLocal<>();

    private RecursiveText() {}

    /**
     * What {@code text} gives.
     *
     * @param owner whose text it is
     * @return {@code ...} if this thread is just about to make the text of {@code owner}
     */
    public static String of(Object owner, Supplier<String> text) {
        var owners = BEING_PRINTED.get();
        boolean isOutermost = owners == null;
        if (isOutermost) {
            owners = Collections.newSetFromMap(new IdentityHashMap<>());
            BEING_PRINTED.set(owners);
        } else if (owners.contains(owner)) {
            return "...";
        }
        owners.add(owner);
        try {
            return text.get();
        } finally {
            owners.remove(owner);
            if (isOutermost) {
                BEING_PRINTED.remove();
            }
        }
    }
}
