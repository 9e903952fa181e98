package asyncio.http;

import asyncio.AsyncIterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The body of a request. Python: {@code aiohttp.payload.Payload}. */
public interface Payload extends AutoCloseable {

    /** How many bytes it has; empty where that is not known beforehand. Python: {@code size}. */
    OptionalLong size();

    /** What {@code Content-Type} shall say unless the user says something; null for nothing. */
    @Nullable
    String contentType();

    /** Whether {@link #chunks()} can be called again, for a redirect or a retry. */
    boolean replayable();

    /** The portions of the body, from its start. */
    AsyncIterator<byte[]> chunks();

    /** Lets go of what it holds; called when the request has ended, however it did. May be called again. */
    @Override
    default void close() {}
}
