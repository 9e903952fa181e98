package asyncio.http;

import asyncio.spi.HttpProvider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Disposition} header. Python: {@code aiohttp.client_reqrep.ContentDisposition}.
 *
 * @param type such as {@code attachment} or {@code form-data}, in lower case
 * @param parameters their values by their names in lower case, in their order; put together and decoded where they came
 *     in pieces or encoded (RFC 2231, 5987, 6266), so that {@code filename*} stands at {@code filename}
 */
public record ContentDisposition(String type, Map<String, String> parameters) {

    /** Copies the parameters. */
    public ContentDisposition {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Reads such a header. A malformed parameter is left out, the others stay; the first of several of one name counts.
     * Python: {@code parse_content_disposition}.
     *
     * @param header its value; possibly null, for none
     * @return null if there is none, or if it does not begin with a type
     */
    public static @Nullable ContentDisposition parse(@Nullable String header) {
        return header == null ? null : HttpProvider.get().bodies().contentDisposition(header);
    }

    /** The name of the field of a form; null if it has none. */
    public @Nullable String name() {
        return parameters.get("name");
    }

    /**
     * The name of the file as it was sent; null if there is none. It can be a path, even one that leads elsewhere: to
     * save a file take {@link #safeFilename()}. Python: {@code content_disposition_filename}.
     */
    public @Nullable String filename() {
        return parameters.get("filename");
    }

    /**
     * The name of the file, harmless on all systems: without folders, and without characters and words that mean
     * something to one of them. Null if there is none, or if nothing is left of it.
     */
    public @Nullable String safeFilename() {
        var filename = filename();
        return filename == null ? null : HttpProvider.get().bodies().safeFilename(filename);
    }
}
