package asyncio.http;

import asyncio.AsyncIterable;
import asyncio.AsyncIterator;
import asyncio.spi.HttpProvider;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, or a part of a {@link MultipartWriter}. Made by the factories here, or one's own: implement
 * {@link #chunks()} and what is known about it. Python: {@code aiohttp.payload.Payload}.
 *
 * <p>A request {@linkplain #close() closes} the body that it was given when it has ended, however it did. A body that
 * is {@linkplain #replayable() replayable} can be given to several requests all the same, also at once.
 */
public interface Payload extends AutoCloseable {

    /**
     * {@link #ofBytes(byte[], int, int)} of all of them. They are not copied: do not change them before they are sent.
     */
    static Payload ofBytes(byte[] bytes) {
        return HttpProvider.get().bodies().bytes(bytes);
    }

    /**
     * A copy of these bytes, as {@code application/octet-stream}. Python: {@code BytesPayload}.
     *
     * @throws IndexOutOfBoundsException if the array does not have so many
     */
    static Payload ofBytes(byte[] bytes, int offset, int length) {
        return ofBytes(ByteBuffer.wrap(bytes, offset, length));
    }

    /** A copy of what remains in this buffer, whose position stays as it is; as {@code application/octet-stream}. */
    static Payload ofBytes(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return ofBytes(copy);
    }

    /** A text, as {@code text/plain; charset=utf-8}. Python: {@code StringPayload}. */
    static Payload ofText(String text) {
        return ofText(text, StandardCharsets.UTF_8);
    }

    /** A text, as {@code text/plain} with this charset; what the charset does not know becomes {@code ?}. */
    static Payload ofText(String text, Charset charset) {
        return HttpProvider.get().bodies().text(text, charset);
    }

    /**
     * A value as JSON, as {@code application/json}; written by {@link JsonCodec#standard()} at once. Python:
     * {@code JsonPayload}.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    static Payload ofJson(@Nullable Object value) {
        return ofJson(value, JsonCodec.standard());
    }

    /**
     * A value as JSON, as {@code application/json}; written by {@code codec} at once.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    static Payload ofJson(@Nullable Object value, JsonCodec codec) {
        return ofBytes(codec.write(value)).withContentType("application/json");
    }

    /** The fields of a form, as {@code application/x-www-form-urlencoded}, in UTF-8. Python: {@code data={…}}. */
    static Payload ofForm(Map<String, String> fields) {
        return ofForm(fields.entrySet());
    }

    /** The fields of a form in their order, where a name may come more than once. Python: {@code data=[(…), …]}. */
    static Payload ofForm(Collection<? extends Map.Entry<String, String>> fields) {
        return HttpProvider.get().bodies().form(fields, StandardCharsets.UTF_8);
    }

    /**
     * A file, as {@code application/octet-stream}; within a multipart body its name goes along, and tells the type.
     * Opened and read in the loop's pool of threads, a portion of 256 KiB at a time, each time that it is sent. Python:
     * an open file.
     *
     * <p>Its size is looked up when it is sent. The request fails with {@link ClientPayloadException} if it cannot be
     * read, or if it turns out shorter or longer than that: no body is cut silently.
     */
    static Payload ofFile(Path file) {
        return HttpProvider.get().bodies().file(file);
    }

    /**
     * What this stream gives to its end, as {@code application/octet-stream}; read in the loop's pool of threads, and
     * closed after the request. It can be sent once. Python: a file-like object.
     */
    static Payload ofInputStream(InputStream stream) {
        return HttpProvider.get().bodies().inputStream(stream, -1);
    }

    /**
     * {@link #ofInputStream(InputStream)} that is known to give so many bytes; the request fails with
     * {@link ClientPayloadException} if it gives fewer or more.
     *
     * @throws IllegalArgumentException if the size is negative
     */
    static Payload ofInputStream(InputStream stream, long size) {
        return HttpProvider.get().bodies().inputStream(stream, checked(size));
    }

    /**
     * What comes from here, portion by portion, as {@code application/octet-stream}; sent in chunks, as its size is not
     * known. It can be sent once. An async generator is run in the task that sends, and is closed when the request ends
     * early. Python: {@code AsyncIterablePayload}.
     */
    static Payload ofStream(AsyncIterable<byte[]> chunks) {
        return HttpProvider.get().bodies().stream(chunks, -1);
    }

    /**
     * {@link #ofStream(AsyncIterable)} that is known to give so many bytes; the request fails with
     * {@link ClientPayloadException} if it gives fewer or more.
     *
     * @throws IllegalArgumentException if the size is negative
     */
    static Payload ofStream(AsyncIterable<byte[]> chunks, long size) {
        return HttpProvider.get().bodies().stream(chunks, checked(size));
    }

    private static long checked(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("A size cannot be negative: " + size);
        }
        return size;
    }

    /**
     * How many bytes it has; null where that is not known beforehand. It is then sent in chunks. {@link #chunks()} has
     * to give exactly so many. Python: {@code size}.
     */
    @Nullable
    Long size();

    /**
     * What {@code Content-Type} shall say unless the user says something; null for nothing. Python:
     * {@code content_type}.
     */
    @Nullable
    String contentType();

    /**
     * Further headers that go with it, unless the user says something else: those of the request, or of the part within
     * a multipart body. {@code Content-Transfer-Encoding} counts for a part only. None unless overridden. Python:
     * {@code headers}.
     */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** The name of the file that it is, for multipart bodies; null, unless overridden. Python: {@code filename}. */
    default @Nullable String filename() {
        return null;
    }

    /** Whether {@link #chunks()} can be called again, for a redirect or a retry. */
    boolean replayable();

    /** The portions of the body, from its start. None may be changed after it was given. Python: {@code write}. */
    AsyncIterator<byte[]> chunks();

    /**
     * Lets go of what it holds, without waiting; called when the request has ended, however it did. May be called
     * again, and by several requests.
     */
    @Override
    default void close() {}

    /**
     * The same body with another {@code Content-Type}; null for none. Python: {@code content_type=…}.
     *
     * @throws IllegalArgumentException if it has control characters in it
     */
    default Payload withContentType(@Nullable String contentType) {
        return HttpProvider.get().bodies().described(this, contentType, filename(), headers());
    }

    /**
     * The same body with the name of a file, for multipart bodies; null for none. Python: {@code filename=…}.
     *
     * @throws IllegalArgumentException if it has control characters in it
     */
    default Payload withFilename(@Nullable String filename) {
        return HttpProvider.get().bodies().described(this, contentType(), filename, headers());
    }

    /**
     * The same body with a header in the place of those of the same name; see {@link #headers()}. Python:
     * {@code headers[name] = value}.
     *
     * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
     */
    default Payload withHeader(String name, String value) {
        return HttpProvider.get().bodies().withHeader(this, name, value);
    }
}
