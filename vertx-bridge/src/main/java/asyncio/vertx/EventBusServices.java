package asyncio.vertx;

import asyncio.Asyncio;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.internal.vertx.EventBusMessages;
import io.vertx.core.eventbus.MessageConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Coroutines that handle messages of the event bus.
 *
 * <p>{@snippet : createTask(serve(vertx.eventBus().<String>consumer("greet"), message -> { await(sleep(ofMillis(10)));
 * return "hello " + message.body(); })); var reply = await(vertx.eventBus().<String>request("greet", "you")); }
 *
 * <p>The other side needs nothing of its own: {@code send} and {@code publish} are as they are, and the future of
 * {@code request} is awaited with {@link AsyncioVertx#await}, which raises
 * {@link io.vertx.core.eventbus.ReplyException}: with the failure code that the recipient has given, or because no
 * reply came in time. {@link Streams#items} gives the messages of a consumer one after the other.
 */
public final class EventBusServices {
    private static final int LIMIT = 1000;

    private EventBusServices() {}

    /** {@link #serve(MessageConsumer, int, MessageHandler)} with 1000 messages at a time. */
    @CheckReturnValue
    public static <T> Coroutine<@Nullable Void> serve(MessageConsumer<T> consumer, MessageHandler<T> handler) {
        return serve(consumer, LIMIT, handler);
    }

    /**
     * Handles each message of {@code consumer} in a task of its own. What the handler returns is the reply; what it
     * throws becomes a failure for the sender, or goes to the exception handler of the loop if the sender waits for no
     * reply. It ends when the consumer is unregistered. If it is cancelled, it unregisters the consumer, and cancels
     * and awaits the handlers, whose senders get a failure.
     *
     * @param limit how many handlers run at a time; further messages wait in the consumer, as many as it buffers
     */
    @CheckReturnValue
    public static <T> Coroutine<@Nullable Void> serve(
            MessageConsumer<T> consumer, int limit, MessageHandler<T> handler) {
        return EventBusMessages.serve(consumer, limit, message -> Asyncio.async(() -> handler.handle(message)));
    }
}
