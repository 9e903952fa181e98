package asyncio.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers: several values to a name are possible, upper and lower case in a name are the same. Immutable. Python:
 * {@code CIMultiDictProxy}.
 */
public interface HttpHeaders {

    /** The first value of this name, or null. Python: {@code headers.get(name)}. */
    @Nullable
    String get(String name);

    /** All values of this name in their order; empty where there is none. Python: {@code headers.getall(name, [])}. */
    List<String> getAll(String name);

    /** Whether there is such a header. Python: {@code name in headers}. */
    boolean contains(String name);

    /** The names, each one once, spelled as they first came and in that order. Python: {@code headers.keys()}. */
    Set<String> names();

    /** All headers in their order, a name as often as it came. Python: {@code headers.items()}. */
    List<Map.Entry<String, String>> entries();
}
