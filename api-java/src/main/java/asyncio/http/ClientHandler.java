package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;

/** What a {@link ClientMiddleware} hands the request on to. Python: the {@code handler} argument. */
@FunctionalInterface
public interface ClientHandler {

    /**
     * Sends the request, through the middlewares that follow; may be called more than once, one call after the other. A
     * response that is not given on has to be {@linkplain ClientResponse#release() released}.
     *
     * @return the response, when its head is there
     */
    @CheckReturnValue
    Coroutine<ClientResponse> handle(OutgoingRequest request);
}
