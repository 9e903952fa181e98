package asyncio.http;

import asyncio.spi.HttpProvider;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A body of several parts; a part can be one too. Its size is known if those of all its parts are, and it can be sent
 * again if they all can. Python: {@code aiohttp.MultipartWriter}.
 *
 * <pre>{@code
 * session.post(url).body(MultipartWriter.create("related")
 *         .appendJson(Map.of("name", "a.png"))
 *         .append(Payload.ofFile(Path.of("a.png"))));
 * }</pre>
 *
 * <p>A part has the content type of its payload; where that is {@code application/octet-stream} and the payload has a
 * filename, the one that goes with the name. A part whose payload has a filename, and no {@code Content-Disposition},
 * gets one as an {@code attachment}. A part with the header {@code Content-Encoding: gzip} or {@code deflate}, or
 * {@code Content-Transfer-Encoding: base64} or {@code quoted-printable}, is encoded so.
 *
 * <p>For forms there is {@link FormData}.
 */
public interface MultipartWriter extends Payload {

    /** An empty {@code multipart/mixed} with a boundary that nobody can guess. */
    static MultipartWriter create() {
        return create("mixed");
    }

    /**
     * An empty one with a boundary that nobody can guess.
     *
     * @param subtype what stands behind {@code multipart/}
     * @throws IllegalArgumentException if that is not a token
     */
    static MultipartWriter create(String subtype) {
        return HttpProvider.get().bodies().multipartWriter(subtype, null);
    }

    /**
     * An empty one.
     *
     * @param subtype what stands behind {@code multipart/}
     * @param boundary what no part may contain
     * @throws IllegalArgumentException if the subtype is not a token, or if the boundary is empty, longer than 70, has
     *     characters that RFC 2046 does not allow, or a space at its end
     */
    static MultipartWriter create(String subtype, String boundary) {
        return HttpProvider.get().bodies().multipartWriter(subtype, boundary);
    }

    /**
     * Adds a part. Python: {@code append_payload}.
     *
     * @return this
     * @throws IllegalArgumentException if its headers cannot be sent, or name an encoding that is not known here
     * @throws IllegalStateException if this is being sent or was
     */
    MultipartWriter append(Payload part);

    /**
     * Adds a part with these headers, which go before those of the payload. Python: {@code append(obj, headers)}.
     *
     * @return this
     * @throws IllegalArgumentException if its headers cannot be sent, or name an encoding that is not known here
     * @throws IllegalStateException if this is being sent or was
     */
    MultipartWriter append(Payload part, Map<String, String> headers);

    /** {@link #append(Payload)} of {@link Payload#ofJson(Object)}. Python: {@code append_json}. */
    default MultipartWriter appendJson(@Nullable Object value) {
        return append(Payload.ofJson(value));
    }

    /** {@link #append(Payload)} of {@link Payload#ofForm(Collection)}. Python: {@code append_form}. */
    default MultipartWriter appendForm(Collection<? extends Map.Entry<String, String>> fields) {
        return append(Payload.ofForm(fields));
    }

    /** What stands between the parts, behind {@code --}. */
    String boundary();

    /** How many parts there are. Python: {@code len(writer)}. */
    int partCount();
}
