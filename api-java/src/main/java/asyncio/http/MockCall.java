package asyncio.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that came to a {@link MockTransport}, with its whole body. */
public interface MockCall {

    /** The method, such as {@code GET}. */
    String method();

    /** The URL, without credentials and fragment. */
    String url();

    /** The path of the URL, encoded. */
    String path();

    /** The parameters in the query of the URL, decoded, in their order. */
    List<Map.Entry<String, String>> query();

    /** The first parameter of this name in the query, decoded; null if there is none. */
    default @Nullable String queryValue(String name) {
        for (var parameter : query()) {
            if (parameter.getKey().equals(name)) {
                return parameter.getValue();
            }
        }
        return null;
    }

    /**
     * What stands in the URL for {@code {name}} in the pattern of the route, decoded.
     *
     * @throws IllegalArgumentException if the route has no such name
     */
    String pathValue(String name);

    /** All headers, as they would have been sent. */
    HttpHeaders headers();

    /** The first header of this name, or null. */
    default @Nullable String header(String name) {
        return headers().get(name);
    }

    /** The body, as it would have been sent; empty if there is none. */
    byte[] body();

    /** The body as text in UTF-8. */
    default String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** The body as JSON: Map, List, String, number, Boolean or null. */
    default @Nullable Object json() {
        return JsonCodec.standard().read(body(), Object.class);
    }

    /** The body as JSON of this type. */
    default <T> T json(Class<T> type) {
        return JsonCodec.standard().read(body(), type);
    }

    /** The body as the fields of an urlencoded form, decoded, in their order. */
    List<Map.Entry<String, String>> form();

    /** When it came, on the loop's clock. */
    Duration time();
}
