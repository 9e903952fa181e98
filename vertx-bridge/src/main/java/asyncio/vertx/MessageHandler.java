package asyncio.vertx;

import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/**
 * The body of a coroutine that handles a message of the event bus; see {@link EventBusServices#serve}.
 *
 * @param <T> the body of the message
 */
@FunctionalInterface
public interface MessageHandler<T> {
    /**
     * Handles {@code message}; it may await.
     *
     * @return the reply, if the sender waits for one
     * @throws Exception for the sender: an {@link io.vertx.core.eventbus.ReplyException} with its failure code, another
     *     one with -1
     */
    @Nullable
    Object handle(Message<T> message) throws Exception;
}
