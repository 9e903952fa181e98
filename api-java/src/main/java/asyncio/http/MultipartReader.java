package asyncio.http;

import asyncio.AsyncIterable;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a multipart body, part by part, as it comes. Python: {@code aiohttp.MultipartReader}.
 *
 * <pre>{@code
 * for (var part : each(MultipartReader.of(response))) {
 *     System.out.println(part.name() + " = " + await(part.text()));
 * }
 * }</pre>
 *
 * <p>What stands before the first boundary and behind the last one is skipped. All that reads raises
 * {@link ClientPayloadException} if the body is malformed, ends before its last boundary or is beyond the
 * {@link MultipartLimits}; and {@link IllegalStateException} if another task is reading it.
 */
public interface MultipartReader extends AsyncIterable<BodyPartReader> {

    /** {@link #of(ClientResponse, MultipartLimits)} with the default limits. */
    static MultipartReader of(ClientResponse response) {
        return of(response, MultipartLimits.DEFAULT);
    }

    /**
     * Goes through the body of a response. Python: {@code MultipartReader.from_response}.
     *
     * @throws ClientPayloadException if it is not {@code multipart}, or if its boundary is missing, empty or longer
     *     than 70
     */
    static MultipartReader of(ClientResponse response, MultipartLimits limits) {
        var contentType = response.headers().get("Content-Type");
        return of(contentType == null ? "" : contentType, response.content().iterAny(), limits);
    }

    /** {@link #of(String, AsyncIterable, MultipartLimits)} with the default limits. */
    static MultipartReader of(String contentType, AsyncIterable<byte[]> portions) {
        return of(contentType, portions, MultipartLimits.DEFAULT);
    }

    /**
     * Goes through what comes from here.
     *
     * @param contentType the {@code Content-Type} header, which has the boundary
     * @param portions the body, such as {@link StreamReader#iterAny()}; where it is cut into portions does not matter
     * @throws ClientPayloadException if the type is not {@code multipart}, or if its boundary is missing, empty or
     *     longer than 70
     */
    static MultipartReader of(String contentType, AsyncIterable<byte[]> portions, MultipartLimits limits) {
        return HttpProvider.get().bodies().multipartReader(contentType, portions, limits);
    }

    /** What the content type says behind {@code multipart/}, in lower case. */
    String subtype();

    /** What stands between the parts, behind {@code --}. */
    String boundary();

    /**
     * The next part; null when there are no more. What was not read of the part before is skipped. Python: {@code await
     * reader.next()}.
     */
    @CheckReturnValue
    Coroutine<@Nullable BodyPartReader> next();

    /** Skips all parts that are left. Python: {@code await reader.release()}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> release();

    /** Whether the last boundary was reached. Python: {@code at_eof()}. */
    boolean atEof();
}
