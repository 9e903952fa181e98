package asyncio.http;

import asyncio.spi.HttpProvider;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form, filled in and sent as browsers do. Python: {@code aiohttp.FormData}.
 *
 * <pre>{@code
 * session.post(url).body(FormData.create()
 *         .field("name", "Monty")
 *         .file("photo", Path.of("monty.png")));
 * }</pre>
 *
 * <p>It is sent as {@code application/x-www-form-urlencoded}, unless it has a file, or a field with a content type or
 * of other than text, or {@link #multipart()} was called: then as {@code multipart/form-data}. A {@code "} in a name
 * becomes {@code %22}, as browsers do it; characters that are not ASCII are sent as they are, in UTF-8.
 *
 * <p>Its methods change this object and return it. They raise {@link IllegalArgumentException} if a name, the name of a
 * file or a content type has control characters in it, and {@link IllegalStateException} if the form is being sent or
 * was.
 */
public interface FormData extends Payload {

    /** An empty form. */
    static FormData create() {
        return HttpProvider.get().bodies().formData();
    }

    /** Adds a field; there may be others of that name. Python: {@code add_field(name, value)}. */
    FormData field(String name, String value);

    /**
     * Adds a field that says what it is, such as {@code application/json}. Its text is sent in the charset that the
     * content type names, or in UTF-8. Python: {@code add_field(name, value, content_type=…)}.
     *
     * @throws IllegalArgumentException also if the content type names a charset that is not known here
     */
    FormData field(String name, String value, String contentType);

    /** Adds fields. Python: {@code add_fields}. */
    FormData fields(Map<String, String> fields);

    /** Adds a file under its own name, which also tells its type; see {@link Payload#ofFile}. */
    FormData file(String name, Path file);

    /** Adds a file under another name, which also tells its type. Python: {@code filename}. */
    FormData file(String name, Path file, String filename);

    /** Adds a file under another name and with this content type; null for none. */
    FormData file(String name, Path file, String filename, @Nullable String contentType);

    /** Adds a file that is in memory; its name tells its type. */
    FormData bytes(String name, String filename, byte[] content);

    /**
     * Adds anything, with its content type and, if it has one, its filename. Python: {@code add_field(name, payload)}.
     *
     * @throws IllegalArgumentException also if it has a {@code Content-Encoding} or {@code Content-Transfer-Encoding},
     *     which forms know nothing of
     */
    FormData part(String name, Payload content);

    /** Encodes names and values so instead of in UTF-8. Python: {@code charset}. */
    FormData charset(Charset charset);

    /** Sends it as {@code multipart/form-data}, whatever is in it. Python: {@code default_to_multipart}. */
    FormData multipart();

    /** Whether it will be sent as {@code multipart/form-data}. Python: {@code is_multipart}. */
    boolean isMultipart();
}
