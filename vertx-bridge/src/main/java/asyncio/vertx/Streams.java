package asyncio.vertx;

import asyncio.AsyncIterable;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.internal.vertx.VertxStreams;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * Streams of Vert.x's, such as sockets, request bodies, files and consumers of the event bus, for coroutines. To be
 * imported statically.
 *
 * <p>{@snippet : var sink = sink(socket); for (var buffer : each(items(socket))) { await(sink.write(buffer)); }
 * await(sink.end()); }
 *
 * <p>To be called in a coroutine or a callback of a loop, or in a handler on an event-loop context. What a stream
 * brings before code has asked for its items is lost, as everywhere in Vert.x: ask for them where the stream comes
 * from, in the handler that gets it or right after the await of it.
 */
public final class Streams {
    private static final int WINDOW = 16;

    private Streams() {}

    /** The items of {@code stream}, of which 16 at most wait here. The stream is read from now on. */
    public static <T> ReadItems<T> items(ReadStream<T> stream) {
        return VertxStreams.items(stream, WINDOW);
    }

    /**
     * The items of {@code stream}, which is read from now on.
     *
     * @param window how many items may wait here
     */
    public static <T> ReadItems<T> items(ReadStream<T> stream, int window) {
        return VertxStreams.items(stream, window);
    }

    /** The text messages of {@code socket}, which is read from now on. Its items as a stream are frames. */
    public static ReadItems<String> textMessages(WebSocketBase socket) {
        return VertxStreams.textMessages(socket, WINDOW);
    }

    /** The stream as tasks write to it. Its drain handler belongs to the sink from now on. */
    public static <T> Sink<T> sink(WriteStream<T> stream) {
        return VertxStreams.sink(stream);
    }

    /**
     * Writes everything from {@code source} to {@code destination}, with Vert.x's own pipe, and ends that.
     * {@code source} is paused until this is awaited. If it is cancelled, the pipe is closed: {@code source} goes on
     * without it.
     *
     * @return raises what one of the two has failed with
     */
    @CheckReturnValue
    public static <T> Coroutine<@Nullable Void> pipe(ReadStream<T> source, WriteStream<T> destination) {
        return VertxStreams.pipe(source, destination);
    }

    /** Writes everything from {@code source} to {@code destination}, waiting where that is full, and ends it. */
    @CheckReturnValue
    public static <T> Coroutine<@Nullable Void> pipe(AsyncIterable<T> source, WriteStream<T> destination) {
        return VertxStreams.pipe(source, destination);
    }
}
