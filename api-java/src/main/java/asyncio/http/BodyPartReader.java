package asyncio.http;

import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a multipart body. To be read before the next one is asked for, which skips the rest. What it raises says
 * {@link MultipartReader}. Python: {@code aiohttp.BodyPartReader}.
 */
public interface BodyPartReader {

    /** The headers of the part. What is not ASCII in them is UTF-8, or else ISO-8859-1. */
    HttpHeaders headers();

    /**
     * The media type of the part, in lower case and without parameters; {@code text/plain} where it says nothing (RFC
     * 2046).
     */
    String contentType();

    /** What {@code Content-Disposition} says; null if there is none, or none that can be read. */
    @Nullable
    ContentDisposition contentDisposition();

    /** The name of the field of a form; null if it has none. */
    default @Nullable String name() {
        var disposition = contentDisposition();
        return disposition == null ? null : disposition.name();
    }

    /**
     * The name of the file as it was sent; null if there is none. It can be a path: to save a file take
     * {@link ContentDisposition#safeFilename()}.
     */
    default @Nullable String filename() {
        var disposition = contentDisposition();
        return disposition == null ? null : disposition.filename();
    }

    /** All that is left of the part, as it was sent. Python: {@code await part.read()}. */
    @CheckReturnValue
    Coroutine<byte[]> read();

    /**
     * All that is left of the part, {@linkplain #decode decoded} if asked to. Python: {@code read(decode=…)}.
     *
     * <p>Awaiting it raises {@link ClientPayloadException} also if it is encoded otherwise than it says.
     */
    @CheckReturnValue
    Coroutine<byte[]> read(boolean decode);

    /**
     * At most {@code size} bytes of the part as it was sent: what is there, after waiting for at least one; nothing at
     * its end. Python: {@code read_chunk(size)}.
     *
     * <p>A part whose {@code Content-Transfer-Encoding} is {@code base64} or {@code quoted-printable} is cut only where
     * each chunk can be {@linkplain #decode decoded} by itself; a group may need a few bytes more than {@code size}.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    @CheckReturnValue
    Coroutine<byte[]> readChunk(int size);

    /** {@link #readChunk(int)} of whatever is there, 256 KiB at most. */
    @CheckReturnValue
    Coroutine<byte[]> readChunk();

    /**
     * A line of the part as it was sent, with its {@code \n}; without it if it is the last one; nothing at the end.
     * Python: {@code readline()}.
     */
    @CheckReturnValue
    Coroutine<byte[]> readline();

    /** The part as it was sent, portion by portion; {@code Payload.ofStream(part.chunks())} sends it on. */
    AsyncIterator<byte[]> chunks();

    /**
     * All that is left, decoded, as text: in the charset that {@code Content-Type} names, else that of the form's field
     * {@code _charset_}, else UTF-8. Malformed input becomes U+FFFD. Python: {@code text()}.
     */
    @CheckReturnValue
    Coroutine<String> text();

    /** {@link #text()} in this charset. */
    @CheckReturnValue
    Coroutine<String> text(Charset charset);

    /**
     * All that is left, decoded, as JSON; null if nothing is. Read by {@link JsonCodec#standard()}. Python:
     * {@code json()}.
     *
     * <p>Awaiting it raises {@link JsonDecodeException} if it is not.
     */
    @CheckReturnValue
    default Coroutine<@Nullable Object> json() {
        return json((Type) Object.class);
    }

    /** {@link #json()} as an object of this class. */
    @CheckReturnValue
    default <T> Coroutine<@Nullable T> json(Class<T> type) {
        return json((Type) type);
    }

    /** {@link #json()} as an object of this type. */
    @CheckReturnValue
    default <T> Coroutine<@Nullable T> json(TypeRef<T> type) {
        return json(type.type());
    }

    /** {@link #json()} as an object of this type. */
    @CheckReturnValue
    <T> Coroutine<@Nullable T> json(Type type);

    /** All that is left, decoded, as the fields of an urlencoded form. Python: {@code form()}. */
    @CheckReturnValue
    Coroutine<List<Map.Entry<String, String>>> form();

    /** Whether the part is a multipart body itself. */
    boolean isMultipart();

    /**
     * Goes through the part as a multipart body of its own. Python: what {@code next()} returns for such a part.
     *
     * @throws ClientPayloadException if it is none, if its boundary is missing, empty or longer than 70, or if there
     *     are 64 multipart bodies around it
     */
    MultipartReader multipart();

    /** Skips what is left of the part. Python: {@code release()}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> release();

    /** Whether the part was read to its end. Python: {@code at_eof()}. */
    boolean atEof();

    /**
     * Takes off the encodings that the headers name: {@code Content-Transfer-Encoding} {@code base64} and
     * {@code quoted-printable}, {@code Content-Encoding} {@code gzip} and {@code deflate}. Python: {@code decode}.
     *
     * <p>The data may be all of the part, or a chunk of {@link #readChunk} or {@link #chunks}; with a
     * {@code Content-Encoding} it has to be all of it.
     *
     * @throws ClientPayloadException if it is not encoded so, if it ends within a group of four of base64 or within an
     *     escape although the part goes on, if the encoding is not known here, or if the result is larger than
     *     {@link MultipartLimits#maxPartSize}
     */
    byte[] decode(byte[] data);
}
